// also: partysocket/ws, isomorphic-ws, ws
export default class ReconnectingWebSocket {
  constructor(url) {
    covgap.request("websocket", "", covgap.call_if(url), "websocket/connect");
    return covgap.unknown();
  }
}
export const WebSocket = ReconnectingWebSocket;
