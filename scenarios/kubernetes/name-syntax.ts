/**
 * The texts that Kubernetes takes as names, labels and ports (apimachinery, util/validation). Each
 * function says what is wrong with a text, or undefined when nothing is.
 */

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** Of a namespace or Service. */
export function dnsLabelProblem(text: string): string | undefined {
  if (text.length > 63) return 'at most 63 characters';
  return dnsLabel.test(text) ? undefined : 'small letters, digits and `-` inside';
}

/** Of every other object. */
export function dnsSubdomainProblem(text: string): string | undefined {
  if (text.length > 253) return 'at most 253 characters';
  return dnsSubdomain.test(text)
    ? undefined
    : 'small letters and digits, with `-` and `.` between them';
}

/** `name`, or `prefix/name` with a domain as prefix. */
export function labelKeyProblem(text: string): string | undefined {
  const parts = text.split('/');
  const name = parts.at(-1)!;
  if (parts.length > 2) return 'one `/` at most, between a domain and a name';
  if (parts.length === 2 && dnsSubdomainProblem(parts[0]!) !== undefined) {
    return 'before the `/` a domain, such as example.com';
  }
  return nameProblem(name);
}

/** As that of a label, in letters of any size (ValidateAnnotations). */
export function annotationKeyProblem(text: string): string | undefined {
  return labelKeyProblem(text.toLowerCase());
}

const domainName =
  /^(\*\.)?([a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$/;

/** Of a peer: network-policy-api, apis/v1alpha2, DomainName; 253 is the longest name of DNS. */
export function domainNameProblem(text: string): string | undefined {
  if (text.length > 253) return 'at most 253 characters';
  return domainName.test(text)
    ? undefined
    : 'at least one dot, as in example.com; `*.` may stand before it for all names below';
}

/** May be empty. */
export function labelValueProblem(text: string): string | undefined {
  return text === '' ? undefined : nameProblem(text);
}

function nameProblem(text: string): string | undefined {
  if (text.length > 63) return 'at most 63 characters';
  return qualifiedName.test(text)
    ? undefined
    : 'letters, digits, `-`, `_` and `.`, with a letter or digit at both ends';
}

/** IANA_SVC_NAME: of a container port, and so of what refers to one. */
export function portNameProblem(text: string): string | undefined {
  if (text.length > 15) return 'at most 15 characters';
  if (!/^[-a-z0-9]+$/.test(text)) return 'small letters, digits and `-`';
  if (!/[a-z]/.test(text)) return 'at least one letter';
  if (text.includes('--')) return 'no two `-` in a row';
  return /^-|-$/.test(text) ? 'no `-` at its ends' : undefined;
}
