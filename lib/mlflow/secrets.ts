/**
 * What of an `Authorization` header must not be shown, in the forms in which a server may send it
 * back: the token, or the password alone and with the user name, plain and as in a URL.
 */
export function secretsOf(authorization: string | null): string[] {
  if (authorization === null) return [];
  const [scheme, token = ""] = authorization.split(/\s+(.+)/, 2) as [string, string?];
  const secrets = [token];
  if (scheme.toLowerCase() === "basic") {
    const login = decodeBase64(token);
    secrets.push(login, login.slice(login.indexOf(":") + 1));
  }
  return [...secrets, ...secrets.map(encodeURIComponent)].filter((secret) => secret !== "");
}

/**
 * Text of a server that can be shown: all of it goes where it repeats a secret, since what else it
 * says about it cannot be known; logins in addresses go in any case.
 *
 * @param secrets As {@linkcode secretsOf} gives them.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  if (secrets.some((secret) => text.includes(secret))) {
    return "(the answer repeats the login, so it is not shown)";
  }
  return text.replace(/:\/\/[^/@\s]*@/g, "://");
}

function decodeBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  } catch {
    return "";
  }
}
