// The view of the user client's .iig. All state is in its ivars: a data member here would be dropped (contract §9.2).
import type { Model } from '../../model/model.js';
import { bannerLines } from '../banner.js';
import type { ClientSide } from '../sides.js';
import { createMember } from './driver-view.js';
import type { Member } from './member.js';

export type UserClientIigView = {
  readonly banner: readonly string[];
  readonly guard: string;
  readonly className: string;
  readonly driverClass: string;
  readonly hasPrivateBuffers: boolean;
  readonly hasForgotten: boolean;
  readonly services: readonly Member[];
};

export function toUserClientView(
  model: Model,
  { client, driver, buffers, services }: ClientSide,
): UserClientIigView {
  return {
    banner: bannerLines(model),
    guard: `${client.className}_h`,
    className: client.className,
    driverClass: driver.className,
    hasPrivateBuffers: buffers.some(({ shared, source }) => !shared && source.kind === 'generated'),
    hasForgotten: buffers.some(({ shared, source }) => !shared && source.kind !== 'generated'),
    services: services.map(createMember),
  };
}
