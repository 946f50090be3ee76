/** The line of a tool's output that says most about why it failed, without credentials. */
export function firstError(text: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const line = lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "no reason given.";
  // Credentials in the address of a mirror are nobody's to read.
  return line.replace(/:\/\/[^/@\s]*@/g, "://");
}
