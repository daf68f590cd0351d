export type { Scenario } from './scenario/scenario.ts';
