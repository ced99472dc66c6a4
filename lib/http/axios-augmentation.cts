import type { PortOneAuthRequest } from './axios-augmentation.js' with {
  'resolution-mode': 'import',
};

// For projects that compile to CommonJS: they see other typings of axios. Their AxiosError is an alias, so it cannot be extended.
export type {} from 'axios';
declare module 'axios' {
  interface AxiosRequestConfig {
    portoneAuth?: PortOneAuthRequest;
  }
}
