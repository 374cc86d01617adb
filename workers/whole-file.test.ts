import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, probeFile, writeWhole } from './whole-file.ts';

const emptyFolder = () => mkdtempSync(join(tmpdir(), 'knetsim-files-'));

describe('files that are whole or not there', () => {
  it('are written into folders that did not exist, and leave nothing beside them', async () => {
    const folder = join(emptyFolder(), 'a', 'b');
    await writeWhole(join(folder, 'x.txt'), 'one');
    await writeWhole(join(folder, 'x.txt'), 'two');
    expect(readdirSync(folder)).toEqual(['x.txt']);
    expect(readFileSync(join(folder, 'x.txt'), 'utf8')).toBe('two');
  });

  it('fail with the name that was asked for, and leave no temporary file', async () => {
    const folder = emptyFolder();
    const [taken, file] = [join(folder, 'taken'), join(folder, 'file')];
    mkdirSync(join(taken, 'x'), { recursive: true });
    writeFileSync(file, '');
    await expect(writeWhole(taken, 'text')).rejects.toMatchObject({ path: taken });
    const below = join(file, 'x.html');
    await expect(writeWhole(below, 'text')).rejects.toMatchObject({ code: 'ENOTDIR', path: below });
    expect(readdirSync(folder).sort()).toEqual(['file', 'taken']);
  });

  it('are known to fail before they are written, and a probe leaves a file as it is', async () => {
    const folder = emptyFolder();
    const file = join(folder, 'file');
    writeFileSync(file, 'precious');
    await probeFile(file);
    expect(readFileSync(file, 'utf8')).toBe('precious');
    await expect(probeFile(folder)).rejects.toMatchObject({ code: 'EISDIR', path: folder });
    await expect(probeFile(join(file, 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await probeFile(join(folder, 'new', 'x'));
    expect(readdirSync(folder).sort()).toEqual(['file', 'new']);
    expect(readdirSync(join(folder, 'new'))).toEqual([]);
  });

  it('write to a device instead of replacing it', async () => {
    await probeFile('/dev/null');
    await writeWhole('/dev/null', 'text');
    expect(readdirSync('/dev').filter((name) => name.startsWith('null.'))).toEqual([]);
  });

  it('end with an error where a folder cannot be, instead of trying for ever', async () => {
    await expect(makeFolder('/proc/knetsim/out')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
