// The Node addon: a table of shapes over runtime/addon, and the gyp file that builds it.
import { bannerLines } from '../banner.js';
import type { Emitter } from '../emitter.js';
import { toAddonView } from './view.js';

export const addonEmitter: Emitter = {
  name: 'addon',
  emit(model, render) {
    const banner = bannerLines(model);
    const view = toAddonView(model, banner);
    return [
      { path: `addon/${model.id}.cpp`, text: render('addon/addon.cpp', view) },
      {
        path: 'addon/binding.gyp',
        text: render('addon/binding.gyp', { banner, target: model.id }),
      },
    ];
  },
};
