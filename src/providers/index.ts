import type { Provider } from './provider.ts';
import { qxt } from './qxt/index.ts';

/** The registry: one line a provider, and everything else picks it up. */
export const providers: readonly Provider[] = [qxt];
