/**
 * What the service proxies of all nodes hold at one moment: rules and bytes in kernels, bytes of their
 * own, over all nodes and by class of proxies. A node whose proxy is being replaced by another counts
 * as the one that filled its kernel. Nodes at one position differ at most in class and cores, so each
 * is worked out once.
 */
import type { ConstantReader } from '../constant.ts';
import type { ProxyClassCell, QuotientCell } from '../metrics/cell.ts';
import { WideSum } from '../metrics/wide-sum.ts';
import type { Era } from '../models/eras.ts';
import { furtherBaseRules, nothingFurther } from '../models/proxy/further-objects.ts';
import type { ProxyModel, RuleCounts } from '../models/proxy/proxy-model.ts';
import type { AgentPlan } from '../plan.ts';
import type { ClassAtPlace } from './proxy-class.ts';

/** What nodes of a class have in common. */
export interface ClassOfNodes {
  readonly agent: AgentPlan;
  readonly model: ProxyModel;
  readonly era: Era;
  at(node: number): ClassAtPlace;
}

/** One node at one time. */
export interface NodeHolding {
  readonly kernelRules: number;
  readonly kernelBytes: number;
  readonly proxyBytes: number;
}

/** Answers what a node of a class holds that has programmed the writes up to a position. */
export class NodeHoldings {
  private readonly counts: RuleCounts;
  private readonly read: ConstantReader;
  private readonly known = new Map<string, NodeHolding>();

  constructor(read: ConstantReader, servicePorts: number) {
    this.read = read;
    this.counts = { servicePorts, emptyServicePorts: 0, endpoints: 0, further: nothingFurther() };
  }

  of(
    node: number,
    ofClass: number,
    classes: readonly ClassOfNodes[],
    position: number,
    cores: number,
  ) {
    const place = classes[ofClass]!.at(node);
    const key = `${ofClass} ${place.index} ${position} ${cores}`;
    let holding = this.known.get(key);
    if (holding === undefined) {
      holding = this.workOut(classes[ofClass]!, place, position, cores);
      this.known.set(key, holding);
    }
    return holding;
  }

  private workOut(
    { model, era, agent }: ClassOfNodes,
    { counts: columns, further }: ClassAtPlace,
    position: number,
    cores: number,
  ): NodeHolding {
    const { counts, read } = this;
    counts.emptyServicePorts = columns.emptyServicePorts[position]!;
    counts.endpoints = columns.endpoints[position]!;
    Object.assign(counts.further, nothingFurther());
    further?.at(position, counts.further);
    counts.further.rules += furtherBaseRules(model.kernel, era, agent.proxy);
    return {
      kernelRules: model.kernelRules(era, counts),
      kernelBytes: Math.round(model.kernelMemory(read, era, counts, cores)),
      proxyBytes: Math.round(model.proxyMemory(read, era, counts)),
    };
  }
}

export interface NodeResources {
  readonly quotients: Readonly<
    Record<
      | 'kernelRules'
      | 'kernelMemory'
      | 'node.proxyMemory'
      | 'fleet.kernelMemory'
      | 'fleet.proxyMemory',
      QuotientCell
    >
  >;
  /** By class; empty if there is only one. */
  readonly classes: readonly Omit<ProxyClassCell, 'proxyCpuUs'>[];
}

/** Adds up what nodes hold; `class` of each, and what it holds. */
export class ResourceSums {
  private readonly rules = new WideSum();
  private readonly kernelBytes = new WideSum();
  private readonly proxyBytes = new WideSum();
  private nodes = 0;
  private rulesMax = 0;
  private kernelBytesMax = 0;
  private proxyBytesMax = 0;
  private readonly byClass: { nodes: number; rules: WideSum; kernel: WideSum; proxy: WideSum }[];

  constructor(classes: number) {
    this.byClass = Array.from({ length: classes }, () => ({
      nodes: 0,
      rules: new WideSum(),
      kernel: new WideSum(),
      proxy: new WideSum(),
    }));
  }

  add(ofClass: number, { kernelRules, kernelBytes, proxyBytes }: NodeHolding): void {
    this.nodes++;
    this.rules.add(kernelRules);
    this.kernelBytes.add(kernelBytes);
    this.proxyBytes.add(proxyBytes);
    this.rulesMax = Math.max(this.rulesMax, kernelRules);
    this.kernelBytesMax = Math.max(this.kernelBytesMax, kernelBytes);
    this.proxyBytesMax = Math.max(this.proxyBytesMax, proxyBytes);
    const sums = this.byClass[ofClass]!;
    sums.nodes++;
    sums.rules.add(kernelRules);
    sums.kernel.add(kernelBytes);
    sums.proxy.add(proxyBytes);
  }

  result(agents: readonly AgentPlan[]): NodeResources {
    const { nodes } = this;
    const perNode = (sum: WideSum, max: number): QuotientCell => ({
      numerator: sum.toWide(),
      denominator: [0, nodes],
      max,
      effective: nodes,
    });
    const inAll = (sum: WideSum): QuotientCell => ({
      numerator: sum.toWide(),
      denominator: [0, nodes > 0 ? 1 : 0],
      effective: nodes,
    });
    return {
      quotients: {
        kernelRules: perNode(this.rules, this.rulesMax),
        kernelMemory: perNode(this.kernelBytes, this.kernelBytesMax),
        'node.proxyMemory': perNode(this.proxyBytes, this.proxyBytesMax),
        'fleet.kernelMemory': inAll(this.kernelBytes),
        'fleet.proxyMemory': inAll(this.proxyBytes),
      },
      classes:
        agents.length < 2
          ? []
          : this.byClass.map((sums, index) => ({
              kubernetesVersion: agents[index]!.kubernetesVersion,
              proxy: agents[index]!.proxy.model,
              nodes: sums.nodes,
              kernelRules: sums.rules.toWide(),
              kernelBytes: sums.kernel.toWide(),
              proxyBytes: sums.proxy.toWide(),
            })),
    };
  }
}
