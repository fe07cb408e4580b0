// Control requests as a table: the first rule that fits answers, and what no rule knows is stalled.
import type { Answer, ControlHandler, Setup } from './endpoint.js';

export type ControlRule = {
  /** bmRequestType: 0xc0 asks a device for vendor data, 0x40 gives it some. */
  readonly requestType: number;
  readonly request: number;
  /** wValue and wIndex; without them every one fits. */
  readonly value?: number;
  readonly index?: number;
  /** Without it a request is taken and has no data to give. */
  readonly answer?: Answer | ControlHandler;
};

const fits = (rule: ControlRule, setup: Setup): boolean =>
  rule.requestType === setup.requestType &&
  rule.request === setup.request &&
  (rule.value ?? setup.value) === setup.value &&
  (rule.index ?? setup.index) === setup.index;

export function controlTable(rules: readonly ControlRule[]): ControlHandler {
  return (setup, data) => {
    const rule = rules.find((each) => fits(each, setup));
    if (rule === undefined) return 'stall';
    const { answer = new Uint8Array(0) } = rule;
    return typeof answer === 'function' ? answer(setup, data) : answer;
  };
}
