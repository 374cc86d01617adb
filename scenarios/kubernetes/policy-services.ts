/** Services as the pods and ports that stand behind them. */
import type { Entity } from '../../core/policy/objects.ts';
import { type Problems, printableName } from '../diagnostic.ts';
import { FieldReader } from './field-reader.ts';
import { LabelIndex } from './label-selector.ts';
import type { PolicyService } from './policy-input.ts';
import type { PolicyServiceObject } from './policy-schemas.ts';
import type { KubernetesObject } from './read-objects.ts';
import { readPortName } from './read-port.ts';

export function readPolicyServices(
  objects: readonly KubernetesObject[],
  entities: readonly Entity[],
  problems: Problems,
): PolicyService[] {
  const pods = entities.flatMap((entity, index) =>
    entity.kind === 'pod' ? [{ ...entity, index }] : [],
  );
  const index = new LabelIndex(pods);
  return objects
    .filter(({ kind }) => kind === 'Service')
    .map((object) => {
      const { namespace, name, value } = object;
      const reader = new FieldReader(object, problems);
      const spec = (value as unknown as PolicyServiceObject).spec ?? {};
      const type = spec.type ?? 'ClusterIP';
      const selector = type === 'ExternalName' ? {} : (spec.selector ?? {});
      return {
        namespace,
        name,
        type,
        headless: type === 'ClusterIP' && spec.clusterIP === 'None',
        externalName: type === 'ExternalName' ? printableName(spec.externalName ?? '') : undefined,
        selector,
        ports: (spec.ports ?? []).map(({ name, protocol, port, targetPort }, index) => ({
          name: name ?? undefined,
          protocol: protocol ?? 'TCP',
          port,
          targetPort: readTarget(reader, targetPort, index) ?? port,
        })),
        entities: index.matching(namespace, selector).map((pod) => pods[pod]!.index),
      };
    });
}

/** Undefined for the same port: absent, 0 and the empty text all mean it. */
function readTarget(
  reader: FieldReader,
  target: number | string | null | undefined,
  index: number,
): number | string | undefined {
  if (typeof target !== 'string' || target === '') return target || undefined;
  return readPortName(reader, target, ['spec', 'ports', index, 'targetPort']);
}
