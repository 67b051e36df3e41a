// also: @nuxtjs/axios
import axios from "axios";
export const useContext = () => covgap.open({ $axios: axios });
export const ref = (value) => ({ value: covgap.unknown() });
export const computed = (f) => ({ value: covgap.unknown() });
export const useAsync = (f) => f();
export const useFetch = (f) => f();
export const onMounted = (f) => f();
export const defineComponent = (value) => value;
