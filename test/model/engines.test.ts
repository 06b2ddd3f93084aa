import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { plan } from '../../src/datapath/plan.js';
import { Network } from '../../src/model/index.js';

const design = (bits: number) => plan(parseConfig({ name: 'net', layers: [9, 7, 3], bits }));

describe('the engine of a network', () => {
  it.each([4, 8, 12, 16])('is the compiled kernels at %i bits', (bits) =>
    expect(new Network(design(bits)).engine).toBe('wasm'),
  );

  it('is TypeScript on request', () =>
    expect(new Network(design(8), {}, { engine: 'typescript' }).engine).toBe('typescript'));

  it('keeps its memory however long it trains', () => {
    const network = new Network(design(8));
    const input = network.quantise(Uint8Array.of(255, 0, 100, 3, 200, 9, 0, 50, 1));
    const steps = (count: number): number => {
      for (let n = 0; n < count; n++) network.step(input, n % 3);
      return process.memoryUsage().arrayBuffers;
    };
    const before = steps(1000);
    expect(steps(20_000)).toBeLessThan(before + 1e6);
  });

  it('is compiled once: threads get the module', async () => {
    expect(new Network(design(8)).engine).toBe('wasm');
    const code = `
      const { getEnvironmentData, parentPort } = require('node:worker_threads');
      parentPort.postMessage(getEnvironmentData('grapes-hw kernels') instanceof WebAssembly.Module);`;
    const worker = new Worker(code, { eval: true });
    const shared = await new Promise((done) => worker.once('message', done));
    await worker.terminate();
    expect(shared).toBe(true);
  });
});

describe('without compiled kernels', () => {
  afterEach(() => {
    vi.doUnmock('node:fs');
    vi.doUnmock('node:worker_threads');
    vi.resetModules();
  });

  const bare = async () => {
    vi.resetModules();
    vi.doMock('node:fs', () => ({
      readFileSync: () => {
        throw new Error('no such file');
      },
    }));
    vi.doMock('node:worker_threads', () => ({
      getEnvironmentData: () => undefined,
      isMainThread: true,
      setEnvironmentData: () => {},
    }));
    return import('../../src/model/index.js');
  };

  it('TypeScript takes over', async () => {
    const { Network: Bare } = await bare();
    const network = new Bare(design(8));
    expect(network.engine).toBe('typescript');
    const input = network.quantise(Uint8Array.of(255, 0, 100, 3, 200, 9, 0, 50, 1));
    expect(network.infer(input)).toEqual(new Network(design(8)).infer(input));
  });

  it('asking for them says what to do', async () => {
    const { Network: Bare } = await bare();
    const ask = () => new Bare(design(8), {}, { engine: 'wasm' });
    expect(ask).toThrow('engine: the WebAssembly kernels are not to be had for this network; run "npm run build"');
  });
});
