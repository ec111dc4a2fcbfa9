// Verifies logs of Conclave with Go's own implementation of transparency logs, golang.org/x/mod/sumdb, by deriving the
// whole tree again from the entries.
//
//	go run main.go VKEY_FILE FOLDER...
//
// Each folder holds the files of an export kit. For each, one line says `accepted` or `refused` and why. Two names differ
// between C2SP tlog-tiles and this implementation: `tile/L/N` is called `tile/8/L/N` there, and bundles of entries are
// read here, since it has no name for them.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	key, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	for _, folder := range os.Args[2:] {
		if err := verify(folder, verifier); err != nil {
			fmt.Printf("%s refused: %s\n", filepath.Base(folder), err)
		} else {
			fmt.Printf("%s accepted\n", filepath.Base(folder))
		}
	}
}

// A signed tree head.
type head struct {
	size int64
	root tlog.Hash
}

func verify(folder string, verifier note.Verifier) error {
	newest, err := open(filepath.Join(folder, "log/checkpoint"), verifier)
	if err != nil {
		return err
	}
	entries, err := readEntries(folder, newest.size)
	if err != nil {
		return err
	}
	hashes, err := derive(entries)
	if err != nil {
		return err
	}
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		read := make([]tlog.Hash, 0, len(indexes))
		for _, index := range indexes {
			if index >= int64(len(hashes)) {
				return nil, errors.New("the log has no such hash")
			}
			read = append(read, hashes[index])
		}
		return read, nil
	})
	root, err := tlog.TreeHash(newest.size, reader)
	if err != nil {
		return err
	}
	if root != newest.root {
		return errors.New("the entries do not have the root that was signed")
	}
	if err := compareTiles(folder, newest.size, reader); err != nil {
		return err
	}
	for _, earlier := range []string{"checkpoints/*", "held/*"} {
		if err := extendsAll(filepath.Join(folder, earlier), verifier, newest, reader); err != nil {
			return err
		}
	}
	return checkProofs(folder, entries, newest, reader)
}

func open(path string, verifier note.Verifier) (head, error) {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return head{}, err
	}
	opened, err := note.Open(bytes, note.VerifierList(verifier))
	if err != nil {
		return head{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return head{}, errors.New("no checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return head{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return head{size, root}, err
}

func readEntries(folder string, size int64) ([][]byte, error) {
	var entries [][]byte
	for index := int64(0); index*256 < size; index++ {
		width := int(min(256, size-index*256))
		tile := tlog.Tile{H: 8, L: 0, N: index, W: width}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		bundle, err := os.ReadFile(filepath.Join(folder, "log", path))
		if err != nil {
			return nil, err
		}
		for i := 0; i < width; i++ {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				return nil, errors.New("a bundle of entries ends too early")
			}
			length := int(binary.BigEndian.Uint16(bundle))
			entries = append(entries, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
		if len(bundle) > 0 {
			return nil, errors.New("a bundle of entries holds more")
		}
	}
	return entries, nil
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

// All hashes of the tree, as this implementation numbers them.
func derive(entries [][]byte) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		read := make([]tlog.Hash, 0, len(indexes))
		for _, index := range indexes {
			read = append(read, hashes[index])
		}
		return read, nil
	})
	for i, entry := range entries {
		grown, err := tlog.StoredHashes(int64(i), entry, reader)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, grown...)
	}
	return hashes, nil
}

func compareTiles(folder string, size int64, reader tlog.HashReader) error {
	for _, tile := range tlog.NewTiles(8, 0, size) {
		// It also names the partial tiles of all smaller trees.
		if tile.W < 256 && tile.W != int(size>>(8*tile.L)%256) {
			continue
		}
		derived, err := tlog.ReadTileData(tile, reader)
		if err != nil {
			return err
		}
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		kept, err := os.ReadFile(filepath.Join(folder, "log", path))
		if err != nil {
			return err
		}
		if !bytes.Equal(kept, derived) {
			return fmt.Errorf("%s does not hold the hashes of the entries", path)
		}
	}
	return nil
}

// The log goes on from each of these checkpoints.
func extendsAll(pattern string, verifier note.Verifier, newest head, reader tlog.HashReader) error {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, path := range paths {
		earlier, err := open(path, verifier)
		if err != nil {
			return err
		}
		if earlier.size > newest.size {
			return fmt.Errorf("somebody holds a checkpoint of %d entries", earlier.size)
		}
		proof, err := tlog.ProveTree(newest.size, earlier.size, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, newest.size, newest.root, earlier.size, earlier.root); err != nil {
			return err
		}
		root, err := tlog.TreeHash(earlier.size, reader)
		if err != nil || root != earlier.root {
			return fmt.Errorf("the first %d entries do not have the root that was signed", earlier.size)
		}
	}
	return nil
}

type proofs struct {
	Inclusion []struct {
		Index  int64
		Hashes []string
	}
	Consistency []struct {
		Old    int64
		Hashes []string
	}
}

// Conclave's own proofs are accepted, and none of them when a bit of any hash, or the entry, is another.
func checkProofs(folder string, entries [][]byte, newest head, reader tlog.HashReader) error {
	text, err := os.ReadFile(filepath.Join(folder, "proofs.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var read proofs
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	for _, proof := range read.Inclusion {
		leaf := tlog.RecordHash(entries[proof.Index])
		check := func(hashes []tlog.Hash) error {
			return tlog.CheckRecord(hashes, newest.size, newest.root, proof.Index, leaf)
		}
		if err := acceptedOnlyAsItIs(proof.Hashes, check); err != nil {
			return fmt.Errorf("inclusion of entry %d: %w", proof.Index, err)
		}
		leaf[0] ^= 1
		if hashes, _ := parse(proof.Hashes); check(hashes) == nil {
			return fmt.Errorf("inclusion of entry %d proves another entry", proof.Index)
		}
	}
	for _, proof := range read.Consistency {
		root, err := tlog.TreeHash(proof.Old, reader)
		if err != nil {
			return err
		}
		check := func(hashes []tlog.Hash) error {
			return tlog.CheckTree(hashes, newest.size, newest.root, proof.Old, root)
		}
		if err := acceptedOnlyAsItIs(proof.Hashes, check); err != nil {
			return fmt.Errorf("consistency from size %d: %w", proof.Old, err)
		}
	}
	return nil
}

func acceptedOnlyAsItIs(texts []string, check func([]tlog.Hash) error) error {
	hashes, err := parse(texts)
	if err != nil {
		return err
	}
	if err := check(hashes); err != nil {
		return err
	}
	for i := range hashes {
		hashes[i][31] ^= 1
		if check(hashes) == nil {
			return fmt.Errorf("accepted with hash %d forged", i)
		}
		hashes[i][31] ^= 1
	}
	return nil
}

func parse(texts []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, text := range texts {
		bytes, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(bytes) != tlog.HashSize {
			return nil, errors.New("no hash")
		}
		hashes = append(hashes, *(*tlog.Hash)(bytes))
	}
	return hashes, nil
}
