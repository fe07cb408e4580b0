// What identifies an interface: its name, version, bundle, and where its contract selectors sit.
import { child, integerOf, type Report, type SourceNode, stringOf } from '../source/index.js';
import { CONTRACT_MEMORY, DEFAULT_CONTRACT_BASE } from './limits.js';
import type { Model } from './model.js';

const MAX_VERSION = 0xffff;

/** `1.0`, which YAML takes for a number: the text counts, so `1.10` is minor 10. */
export function versionOf(node: SourceNode | null, report: Report): Model['version'] {
  const text = node?.kind === 'scalar' ? node.text : '';
  const [, major = '', minor = ''] = /^(\d+)\.(\d+)$/.exec(text) ?? [];
  const version = { major: Number(major), minor: Number(minor) };
  if (node === null || (major !== '' && Math.max(version.major, version.minor) <= MAX_VERSION)) {
    return version;
  }
  report({
    code: 'DK702',
    at: node.span,
    message: `"${text}" is no version`,
    hint: `write major.minor, each from 0 to ${MAX_VERSION}, as in 1.0.`,
  });
  return version;
}

export const isTrue = (node: SourceNode | null): boolean =>
  node?.kind === 'scalar' && node.value === true;

const MAX_IDENTIFIER = 155;

export function bundleIdentifier(node: SourceNode | null, report: Report): string {
  const text = stringOf(node) ?? '';
  const parts = text.split('.');
  const sound = parts.length >= 2 && parts.every((part) => /^[A-Za-z0-9-]+$/.test(part));
  if (node === null || (sound && text.length <= MAX_IDENTIFIER)) return text;
  report({
    code: 'DK701',
    at: node.span,
    message: `"${text}" is no bundle identifier`,
    hint: 'write reverse DNS of letters, digits and hyphens, as in com.example.Scope.driver.',
  });
  return text;
}

/** Null for `contract: none`. */
export function contractOf(node: SourceNode | null): Model['contract'] {
  if (stringOf(node) === 'none') return null;
  return { base: Number(integerOf(child(node, 'base')) ?? DEFAULT_CONTRACT_BASE) };
}

/** The contract's memory types must fit 32 bits as well. */
export const MAX_CONTRACT_BASE = 0x1_0000_0000 - CONTRACT_MEMORY;
