// Verify a bundle with sigstore's own verifier and a public key; exit 1 where it does not hold.
import crypto from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";

const [, , modules, bundlePath, keyPath] = process.argv;
const load = createRequire(modules + "/");
const { bundleFromJSON } = load("@sigstore/bundle");
const { Verifier, toSignedEntity } = load("@sigstore/verify");

const publicKey = crypto.createPublicKey(fs.readFileSync(keyPath));
const trust = {
  certificateAuthorities: [],
  timestampAuthorities: [],
  tlogs: [],
  ctlogs: [],
  publicKey: () => ({ publicKey, validFor: () => true }),
};
const offline = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0, tsaThreshold: 0 };
try {
  const bundle = bundleFromJSON(JSON.parse(fs.readFileSync(bundlePath, "utf8")));
  new Verifier(trust, offline).verify(toSignedEntity(bundle));
} catch (error) {
  console.error(error.code ?? error.name, error.message);
  process.exit(1);
}
