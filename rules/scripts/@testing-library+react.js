// also: @testing-library/preact
export function render(element, options) {
  covgap.render(element, options);
  return covgap.unknown();
}
export const renderHook = () => covgap.unknown();
export const screen = covgap.unknown();
export const fireEvent = covgap.unknown();
export const waitFor = covgap.unknown();
export const act = (f) => f();
export const cleanup = covgap.unknown();
export const within = covgap.unknown();
