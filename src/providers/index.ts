import { acedata } from './acedata/index.ts';
import { alapi } from './alapi/index.ts';
import type { Provider } from './provider.ts';
import { qxt } from './qxt/index.ts';
import { tencent } from './tencent/index.ts';

/** The registry: one line a provider, and everything else picks it up. */
export const providers: readonly Provider[] = [acedata, tencent, alapi, qxt];
