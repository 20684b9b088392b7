/** Variables whose names tell that nobody else is to know their values. */
const secretName = /TOKEN|SECRET|PASSW|CREDENTIAL|APIKEY|API_KEY|PRIVATE_KEY|AUTH(?!OR)/i;

/** The login in the address of a host. */
const login = /([a-z][a-z0-9+.-]*:\/\/)[^/?#\s@]*@/gi;

/** Secrets as they stand in queries. */
const query = /([?&](?:[^=&\s]*(?:token|key|secret|sig|password)[^=&\s]*)=)[^&\s]+/gi;

const hidden = "xxxxx";

/** Hides what is secret in the value of a variable. */
export function redactValue(name: string, value: string): string {
  return secretName.test(name) && value !== "" && value !== "off" ? hidden : redactText(value);
}

/** Hides logins in the addresses of a text. */
export function redactText(text: string): string {
  return text.replaceAll(login, `$1${hidden}@`).replaceAll(query, `$1${hidden}`);
}
