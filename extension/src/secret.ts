/** Variables whose names tell that nobody else is to know their values. Git takes headers with logins in some of its own. */
const secretName =
  /TOKEN|SECRET|PASSW|CREDENTIAL|APIKEY|API_KEY|PRIVATE_KEY|AUTH(?!OR)|^GIT_CONFIG_(VALUE_|PARAMETERS$)/i;

/** The login in the address of a host. A password may hold an @. */
const login = /([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/gi;

/** Secrets as they stand in queries. */
const query = /([?&](?:[^=&\s]*(?:token|key|secret|sig|password)[^=&\s]*)=)[^&\s]+/gi;

const hidden = "xxxxx";

/** The user name of everybody at a forge, and no secret. */
const commonUser = "git";

/** Hides what is secret in the value of a variable, which may be a list of addresses. */
export function redactValue(name: string, value: string): string {
  return secretName.test(name) && value !== "" && value !== "off"
    ? hidden
    : value.replaceAll(/[^,|\s"]+/g, (entry) => redactEntry(entry));
}

/**
 * Hides the login and the query of one address, written with or without its scheme, as the server does. An @ after a
 * slash belongs to the path unless a colon stands before it: a password may hold any character.
 */
function redactEntry(entry: string): string {
  const [, scheme = "", rest = ""] = /^(.*?:\/\/)?([^]*)$/.exec(entry) ?? [];
  let address = rest;
  const at = address.lastIndexOf("@");
  if (at >= 0) {
    const colon = address.slice(0, at).indexOf(":");
    const user = address.slice(0, colon < 0 ? at : colon);
    if (colon >= 0) {
      address = `${user}:${hidden}${address.slice(at)}`;
    } else if (!user.includes("/") && user !== commonUser) {
      address = hidden + address.slice(at);
    }
  }
  const question = address.indexOf("?");
  if (scheme !== "" && question >= 0 && question + 1 < address.length) {
    address = address.slice(0, question + 1) + hidden;
  }
  return scheme + address;
}

/** Hides logins in the addresses of a text. */
export function redactText(text: string): string {
  return text.replaceAll(login, `$1${hidden}@`).replaceAll(query, `$1${hidden}`);
}
