import { acedata } from './acedata.ts';
import { alapi } from './alapi.ts';
import { qxt } from './qxt.ts';
import type { ProviderCauses } from './recipe.ts';
import { tencent } from './tencent.ts';

export const causesOf: Readonly<Record<string, ProviderCauses>> = { acedata, tencent, alapi, qxt };
