/**
 * `knetsim explain rules`: what Services cost in the kernel of one node, counted without a kernel and
 * without a run. Counts go to stdout, problems of the input to stderr. Exit 0 whatever the counts.
 */
import { eraOf, knownVersions } from '../../core/models/eras.ts';
import {
  type KernelMode,
  kernelModel,
  unsetNodePortAddresses,
} from '../../core/models/proxy/rules/registry.ts';
import type { ProxyNode } from '../../core/models/proxy/rules/service-port.ts';
import {
  MissingFileError,
  readServicePorts,
  renderDiagnostics,
  type ServicePortsInput,
  type ServicePortsOptions,
  suggest,
} from '../../scenarios/index.ts';
import { ExitCode, UsageError } from '../exit-codes.ts';
import { writeStdout } from '../output-files.ts';
import { notUsedLines } from '../reach/input.ts';
import { findChanged } from '../rules/changed-service.ts';
import { rulesDocument } from '../rules/document.ts';
import { rulesText } from '../rules/text.ts';
import { terminal } from '../terminal.ts';

export interface ExplainRulesFlags {
  readonly mode: KernelMode;
  readonly kubernetesVersion: string;
  readonly localhostNodeports: 'true' | 'false';
  readonly nodeportAddresses?: ProxyNode['nodePortAddresses'];
  readonly node?: string;
  readonly nodeIps: number;
  readonly change?: string;
  readonly json?: true;
  readonly format: 'text' | 'github' | 'json';
  readonly color?: boolean;
  readonly ascii?: true;
}

export async function explainRules(
  manifests: readonly string[],
  flags: ExplainRulesFlags,
): Promise<ExitCode> {
  const { mode } = flags;
  const era = eraFor(flags);
  const stderr = terminal(process.stderr, flags);
  const options = { era, node: flags.node ?? null, nodeAddresses: flags.nodeIps };
  const { diagnostics, notUsed, input } = read(manifests, options);
  if (diagnostics.length > 0) {
    stderr.print(
      renderDiagnostics(diagnostics, { format: flags.format, color: stderr.color }).trimEnd(),
    );
  }
  if (input === undefined) return ExitCode.Invalid;
  const changed = flags.change === undefined ? undefined : findChanged(flags.change, input);
  const notes = [...notUsedLines(notUsed), nodeNote(flags.node, input)];
  stderr.print(...notes.filter((note) => note !== undefined));
  const node = nodeOf(flags, input);
  const model = kernelModel(mode);
  const answer = {
    mode,
    era,
    input,
    node,
    objects: model.objects(era, input.ports, node),
    fixed: model.objects(era, [], node).tables,
    ...(changed === undefined
      ? {}
      : { change: { service: changed, ...model.change(era, input.ports, node, changed) } }),
  };
  if (flags.json) await writeStdout(`${JSON.stringify(rulesDocument(answer), null, 2)}\n`);
  else {
    const stdout = terminal(process.stdout, flags);
    stdout.print(...rulesText(answer, stdout));
  }
  return ExitCode.Done;
}

function eraFor({ kubernetesVersion, mode }: ExplainRulesFlags) {
  const era = eraOf(kubernetesVersion);
  if (era === undefined) {
    const known = `${knownVersions[0]} to ${knownVersions.at(-1)}`;
    throw new UsageError(
      `--kubernetes-version ${kubernetesVersion} is not known; known are ${known}`,
    );
  }
  if (mode === 'nftables' && era.nftables === 'absent') {
    const first = knownVersions.find((version) => eraOf(version)?.nftables !== 'absent');
    throw new UsageError(
      `kube-proxy of Kubernetes ${era.version} has no mode nftables; it came with ${first}`,
    );
  }
  return era;
}

function read(manifests: readonly string[], options: ServicePortsOptions) {
  try {
    return readServicePorts(manifests, options);
  } catch (error) {
    if (error instanceof MissingFileError) throw new UsageError(error.message);
    throw error;
  }
}

function nodeOf(flags: ExplainRulesFlags, { node, family }: ServicePortsInput): ProxyNode {
  return {
    ...{ name: node.name, zone: node.zone, addresses: node.addresses },
    // The kernel routes packets to loopback addresses in IPv4 only.
    localhostNodePorts: flags.localhostNodeports === 'true' && family === 4,
    nodePortAddresses: flags.nodeportAddresses ?? unsetNodePortAddresses(flags.mode),
  };
}

/** Undefined if all is known of the node that is asked about. */
function nodeNote(name: string | undefined, input: ServicePortsInput): string | undefined {
  const { nodeObjects, nodesOfEndpoints, endpointsWithoutNode: unknown } = input;
  if (name === undefined) return undefined;
  const known = [...nodeObjects, ...nodesOfEndpoints];
  if (nodeObjects.length > 0 && !known.includes(name)) {
    const meant = suggest(name, known);
    const hint =
      meant === undefined ? `there are ${nodeObjects.length} Nodes` : `nearest: ${meant}`;
    throw new UsageError(`--node ${name}: no Node object and no endpoint has this name; ${hint}`);
  }
  if (!known.includes(name)) return `nothing in the input runs on ${name}: no endpoint is local`;
  const without = `${unknown} endpoints have no node in the input and are not local to ${name}`;
  return unknown === 0 ? undefined : without;
}
