// The commands besides `gen` and `model`, in the order of the help.
import { explainTool } from './explain.js';
import { fmtTool } from './fmt.js';
import { lintTool } from './lint.js';
import type { Tool } from './tool.js';

export const tools: readonly Tool[] = [explainTool, lintTool, fmtTool];
