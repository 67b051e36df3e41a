// also: react-dom
export function createRoot() {
  return { render: () => undefined, unmount: () => undefined };
}
export const hydrateRoot = () => undefined;
export const render = () => undefined;
export const createPortal = (children) => children;
export const flushSync = (f) => f();
export default { createRoot, hydrateRoot, render, createPortal };
