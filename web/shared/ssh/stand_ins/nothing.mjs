// Instead of what only Node or unused algorithms would need.
export const getDiffieHellman = () => {
  throw new Error("not in the pages: finite-field Diffie-Hellman");
};
export class Duplex {}
