/**
 * The tokens of a YAML stream, with a bound on nesting. The bound is checked while reading, before
 * anything recursive sees the text: deep nesting ends the JavaScript engine, not only the call.
 */
import { type CST, Lexer, Parser } from 'yaml';

/** Nesting beyond this is nobody's scenario; Kubernetes objects reach about 20. */
export const deepest = 100;

/** Around the collections, the parser's stack holds the document and the value being read. */
const around = 2;

/** The tokens, or the offset at which the text is nested deeper than `deepest` levels. */
export function yamlTokens(
  text: string,
): { readonly tokens: readonly CST.Token[] } | { readonly tooDeepAt: number } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > deepest + around) return { tooDeepAt: parser.offset };
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens };
}
