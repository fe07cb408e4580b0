// The view of XcodeGen's project.yml: one target for the dext and one for an app that embeds it.
import type { Model } from '../../model/model.js';
import { bannerLines } from '../banner.js';

export type ProjectView = {
  readonly banner: readonly string[];
  readonly project: string;
  readonly id: string;
  readonly dextTarget: string;
  readonly appTarget: string;
  readonly appIdentifier: string;
  readonly linkerFlags: string;
  readonly dextEntitlements: string;
  readonly macEntitlements: string;
  readonly padEntitlements: string;
};

export function toProjectView(model: Model): ProjectView {
  const names = entitlementNames(model);
  return {
    banner: bannerLines(model),
    project: yamlText(model.name),
    id: model.id,
    dextTarget: yamlText(model.bundle.identifier),
    appTarget: yamlText(`${model.name}App`),
    appIdentifier: yamlText(appIdentifier(model.bundle.identifier)),
    linkerFlags: yamlText(
      ['$(inherited)', ...model.frameworks.map((name) => `-framework ${name}`)].join(' '),
    ),
    dextEntitlements: yamlText(names.dext),
    macEntitlements: yamlText(names.mac),
    padEntitlements: yamlText(names.pad),
  };
}

export function entitlementNames(model: Model): { dext: string; mac: string; pad: string } {
  return {
    dext: `${model.name}Driver.entitlements`,
    mac: `${model.name}App-macOS.entitlements`,
    pad: `${model.name}App-iPadOS.entitlements`,
  };
}

/** A dext's identifier has to begin with that of the app around it: com.example.Scope.driver, com.example.Scope. */
function appIdentifier(dext: string): string {
  const parts = dext.split('.');
  return parts.length > 1 ? parts.slice(0, -1).join('.') : dext;
}

/** A double-quoted YAML scalar; JSON's escapes are YAML's. */
function yamlText(text: string): string {
  return JSON.stringify(text);
}
