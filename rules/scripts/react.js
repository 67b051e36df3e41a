// also: preact/hooks, preact, preact/compat
// Hooks give what they are given; a context is known by where it is made.

export function createContext(value) {
  return covgap.context(value);
}
export function useContext(context) {
  return covgap.use_context(context);
}
export const use = (value) => covgap.use_context(value);
export function useState(initial) {
  const value = covgap.call_if(initial);
  return [covgap.either(value, covgap.unknown()), () => undefined];
}
export function useReducer() {
  return [covgap.unknown(), () => undefined];
}
export function useRef(value) {
  return { current: covgap.either(value, covgap.unknown()) };
}
export function useMemo(make) {
  return make();
}
export function useCallback(callback) {
  return callback;
}
export function useEffect(effect) {
  effect();
}
export const useLayoutEffect = useEffect;
export const useInsertionEffect = useEffect;
export function memo(component) {
  return component;
}
export function forwardRef(component) {
  return component;
}
export function lazy(load) {
  const loaded = load();
  return loaded.default;
}
export function createElement(component, props, ...children) {
  covgap.mount(component);
  return covgap.unknown();
}
export const useId = () => covgap.unknown();
export const useTransition = () => [covgap.unknown(), (f) => f()];
export const startTransition = (f) => f();
export const useSyncExternalStore = () => covgap.unknown();
export const useImperativeHandle = () => undefined;
export const useDeferredValue = (value) => value;
export const cache = (f) => f;
export const Suspense = covgap.unknown();
export const Fragment = covgap.unknown();
export const StrictMode = covgap.unknown();
export const Component = covgap.unknown();
export const PureComponent = covgap.unknown();

export default {
  createContext,
  useContext,
  use,
  useState,
  useReducer,
  useRef,
  useMemo,
  useCallback,
  useEffect,
  useLayoutEffect,
  memo,
  forwardRef,
  lazy,
  createElement,
  startTransition,
  cache,
  Suspense,
  Fragment,
  StrictMode,
  Component,
  PureComponent,
  useId,
  useTransition,
  useSyncExternalStore,
  useDeferredValue,
  Children: covgap.unknown(),
  cloneElement: (element) => element,
  isValidElement: () => covgap.unknown(),
  version: covgap.unknown(),
};
