import { type Dockerfile, DockerfileParser, type Instruction } from "dockerfile-ast";
import { parse } from "yaml";

/** A service as Compose would run it, from docker-compose.yml and the Dockerfile's stage. */
export interface Service {
  /** Stage of the Dockerfile. */
  target: string;
  /** The image's variables, and over them the service's; those of the shell are left out. */
  env: Record<string, string>;
  command: string[];
  /** Program and arguments; ends with 0 where the service is healthy. */
  healthcheck: string[];
  /** User and group, by number. */
  user: string;
}

/** What we read of a service in docker-compose.yml. */
interface ComposeService {
  build: { target: string };
  read_only: boolean;
  cap_drop: string[];
  security_opt: string[];
  deploy: { resources: { limits: Record<string, unknown> } };
  depends_on?: Record<string, unknown>;
  ports?: string[];
  volumes?: unknown[];
  environment?: Record<string, string | null>;
  command?: string[];
  healthcheck?: { test: string[] };
}

/** docker-compose.yml, its anchors and merges resolved. */
export async function readCompose() {
  const text = await Deno.readTextFile("docker-compose.yml");
  return parse(text, { merge: true }) as { services: Record<string, ComposeService> };
}

/** The services of docker-compose.yml by name. */
export async function readServices(): Promise<Record<string, Service>> {
  const dockerfile = DockerfileParser.parse(await Deno.readTextFile("Dockerfile"));
  const { services } = await readCompose();
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [name, resolve(dockerfile, service)]),
  );
}

function resolve(dockerfile: Dockerfile, service: ComposeService): Service {
  const { target } = service.build;
  const stages = dockerfile.getFROMs();
  const stage = stages.findIndex((from) => from.getBuildStage() === target);
  if (stage === -1) throw new Error(`the Dockerfile has no stage ${target}`);
  const first = stages[stage]!.getRange().start.line;
  const end = stages[stage + 1]?.getRange().start.line ?? Infinity;
  const own = dockerfile.getInstructions().filter((instruction) => {
    const { line } = instruction.getRange().start;
    return line > first && line < end;
  });
  const last = (keyword: string) => own.findLast((each) => each.getKeyword() === keyword);
  const variables = dockerfile.getENVs().filter((env) => own.includes(env))
    .flatMap((env) => env.getProperties().map((each) => [each.getName(), each.getValue() ?? ""]));
  const given = Object.entries(service.environment ?? {})
    .filter((entry): entry is [string, string] => entry[1] !== null);
  return {
    target,
    env: Object.fromEntries([...variables, ...given]),
    command: service.command ?? wordsOf(last("CMD")),
    healthcheck: service.healthcheck?.test.slice(1) ?? wordsOf(last("HEALTHCHECK")),
    user: last("USER")?.getArgumentsContent() ?? "",
  };
}

/** The words of an instruction in JSON form, after its options. */
function wordsOf(instruction: Instruction | undefined): string[] {
  const words = /\[.*\]/s.exec(instruction?.getArgumentsContent() ?? "")?.[0];
  return words === undefined ? [] : JSON.parse(words);
}
