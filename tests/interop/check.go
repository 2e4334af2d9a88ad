// What Go's own packages (golang.org/x/mod/sumdb/note and tlog, from Debian) say of our checkpoints, cosignatures,
// proofs and tiles; and that they refuse each of them once it is altered.
//
//	check FOLDER     FOLDER as interop_sample writes it
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type record struct {
	Index int64    `json:"index"`
	Entry []byte   `json:"entry"`
	Proof [][]byte `json:"proof"`
}

type sample struct {
	Vkey        string   `json:"vkey"`
	Witness     string   `json:"witness"`
	Older       string   `json:"older"`
	Checkpoint  string   `json:"checkpoint"`
	Consistency [][]byte `json:"consistency"`
	Records     []record `json:"records"`
}

var passed, failed int

func say(good bool, what string, rest ...interface{}) {
	if good {
		passed++
		return
	}
	failed++
	fmt.Printf("not ok - "+what+"\n", rest...)
}

func must(err error) {
	if err != nil {
		fmt.Println("not ok -", err)
		os.Exit(1)
	}
}

// A cosignature/v1 key (C2SP tlog-cosignature) behind the interface of the note package, which knows type 1 alone.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

func newCosigner(vkey string) cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
	return cosigner{parts[0], binary.BigEndian.Uint32(sum[:]), raw[1:]}
}

type tree struct {
	size int64
	root tlog.Hash
}

func open(text string, known note.Verifiers) (tree, *note.Note, error) {
	n, err := note.Open([]byte(text), known)
	if err != nil {
		return tree{}, nil, err
	}
	lines := strings.Split(n.Text, "\n")
	var size int64
	if _, err := fmt.Sscan(lines[1], &size); err != nil {
		return tree{}, nil, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tree{size, root}, n, err
}

func hashes(list [][]byte) []tlog.Hash {
	var out []tlog.Hash
	for _, h := range list {
		var one tlog.Hash
		copy(one[:], h)
		out = append(out, one)
	}
	return out
}

func flipped(list []tlog.Hash, at int) []tlog.Hash {
	out := append([]tlog.Hash(nil), list...)
	out[at][at%32] ^= 0x10
	return out
}

// Tiles of a bundle for the package's own reader, whose paths name the height.
type tiles struct{ root string }

func (t tiles) Height() int                          { return 8 }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte)      {}
func (t tiles) ReadTiles(list []tlog.Tile) (data [][]byte, err error) {
	for _, one := range list {
		bytes, err := os.ReadFile(filepath.Join(t.root, "tile", strings.TrimPrefix(one.Path(), "tile/8/")))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func checkNotes(s sample, known note.Verifiers) {
	for at := range []byte(s.Older) {
		bad := []byte(s.Older)
		bad[at] ^= 0x01
		if at+1 < len(bad) && bad[at+1] == '=' { // Go reads the last digit of base64 without its two low bits; our own reader refuses them
			bad[at] = 'A'
			if s.Older[at] == 'A' {
				bad[at] = 'Q'
			}
		}
		_, _, err := open(string(bad), known)
		say(err != nil, "the older checkpoint with byte %d altered was accepted", at)
	}
}

func checkRecords(s sample, now tree) {
	for _, r := range s.Records {
		leaf, proof := tlog.RecordHash(r.Entry), tlog.RecordProof(hashes(r.Proof))
		say(tlog.CheckRecord(proof, now.size, now.root, r.Index, leaf) == nil, "record %d is not accepted", r.Index)
		other := append([]byte(nil), r.Entry...)
		other[len(other)-1] ^= 1
		say(tlog.CheckRecord(proof, now.size, now.root, r.Index, tlog.RecordHash(other)) != nil, "record %d: another entry was accepted", r.Index)
		say(tlog.CheckRecord(proof, now.size, now.root, r.Index^1, leaf) != nil, "record %d: another index was accepted", r.Index)
		at := int(r.Index) % len(proof)
		say(tlog.CheckRecord(flipped(proof, at), now.size, now.root, r.Index, leaf) != nil, "record %d: an altered proof was accepted", r.Index)
		say(tlog.CheckRecord(proof[:len(proof)-1], now.size, now.root, r.Index, leaf) != nil, "record %d: a proof cut short was accepted", r.Index)
	}
}

func checkConsistency(s sample, old, now tree) {
	proof := tlog.TreeProof(hashes(s.Consistency))
	say(tlog.CheckTree(proof, now.size, now.root, old.size, old.root) == nil, "the consistency proof is not accepted")
	for at := range proof {
		say(tlog.CheckTree(flipped(proof, at), now.size, now.root, old.size, old.root) != nil, "hash %d of the consistency proof was altered and accepted", at)
	}
	say(tlog.CheckTree(proof, now.size, now.root, old.size-1, old.root) != nil, "the consistency proof was accepted for another size")
}

func checkTiles(root string, s sample, now tree) {
	reader := tlog.TileHashReader(tlog.Tree{N: now.size, Hash: now.root}, tiles{root})
	for _, r := range s.Records {
		found, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, r.Index)})
		say(err == nil && found[0] == tlog.RecordHash(r.Entry), "the tiles of the bundle do not hold record %d", r.Index)
		ours, err := tlog.ProveRecord(now.size, r.Index, reader)
		say(err == nil && len(ours) == len(r.Proof), "no proof of record %d comes out of the tiles", r.Index)
		for i := range ours {
			say(bytes.Equal(ours[i][:], r.Proof[i]), "the proof of record %d is another than that out of the tiles", r.Index)
		}
	}
}

func main() {
	var s sample
	text, err := os.ReadFile(filepath.Join(os.Args[1], "proofs.json"))
	must(err)
	must(json.Unmarshal(text, &s))
	log, err := note.NewVerifier(s.Vkey)
	must(err)
	witness := newCosigner(s.Witness)
	known := note.VerifierList(log, witness)
	old, _, err := open(s.Older, known)
	must(err)
	now, both, err := open(s.Checkpoint, known)
	must(err)
	say(len(both.Sigs) == 2 && len(both.UnverifiedSigs) == 0, "the cosigned checkpoint does not have two signatures that verify")
	_, alone, err := open(s.Checkpoint, note.VerifierList(log))
	say(err == nil && len(alone.Sigs) == 1, "the cosignature is not ignored by who does not know the witness")
	checkNotes(s, known)
	checkConsistency(s, old, now)
	checkRecords(s, now)
	checkTiles(filepath.Join(os.Args[1], "bundle"), s, now)
	fmt.Printf("Go: %d records of %d, %d checks passed, %d failed\n", len(s.Records), now.size, passed, failed)
	if failed > 0 || int64(len(s.Records)) != now.size {
		os.Exit(1)
	}
}
