/**
 * What the user's shell has of AWS is for AWS. Everything here talks to a home, whose clients are told all they need: a
 * profile, a region or an endpoint of the user's would send them elsewhere, and a setting such as AWS_USE_FIPS_ENDPOINT or a
 * broken ~/.aws/config would keep them from working.
 */

const NO_FILE = "/dev/null";
const setAside: Record<string, string> = {};

/** Takes AWS's variables out of this process, and so out of those it starts; once, before the first client is made. */
export function setAsideUsersAws(): void {
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith("AWS_") || value === undefined) continue;
    setAside[name] = value;
    delete process.env[name];
  }
  process.env.AWS_CONFIG_FILE = NO_FILE;
  process.env.AWS_SHARED_CREDENTIALS_FILE = NO_FILE;
}

/** The variables as the user has them, for what does talk to AWS. */
export function usersAws(): Readonly<Record<string, string>> {
  return setAside;
}

/** The environment this command was started with. */
export function usersEnvironment(): NodeJS.ProcessEnv {
  const { AWS_CONFIG_FILE: _config, AWS_SHARED_CREDENTIALS_FILE: _credentials, ...others } = process.env;
  return { ...others, ...setAside };
}
