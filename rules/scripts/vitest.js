// also: vitest, @jest/globals
const doubles = covgap.open({ mock: (path) => covgap.mock(path) });
export const vi = doubles;
export const jest = doubles;
const run = (name, second, third) => {
  if (third) covgap.call_if(third);
  else covgap.call_if(second);
};
export const describe = covgap.open({ covgap_call: run, only: run });
export const it = describe;
export const test = describe;
export const expect = covgap.unknown();
export const beforeEach = (f) => covgap.call_if(f);
