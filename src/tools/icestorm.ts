import { runTool } from './tool.js';

/**
 * Packs a text bitstream of nextpnr into what an iCE40 loads; both are files in `dir`.
 * @throws MissingTool, or ToolFailure
 */
export const packBitstream = async (dir: string, text: string, packed: string): Promise<void> => {
  await runTool('icepack', [text, packed], { cwd: dir });
};
