package main_test

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// vsixMax bounds a package of the extension, in bytes.
const vsixMax = 15 << 20

// vsixFiles are all that is in a package, but for the server.
var vsixFiles = []string{
	"[Content_Types].xml",
	"extension.vsixmanifest",
	"extension/LICENSE.txt",
	"extension/changelog.md",
	"extension/dist/extension.js",
	"extension/extension/icon.png",
	"extension/extension/l10n/bundle.l10n.zh-cn.json",
	"extension/extension/language-configuration.json",
	"extension/extension/pictures/fixes.png",
	"extension/extension/pictures/hover.png",
	"extension/extension/pictures/problems.png",
	"extension/package.json",
	"extension/package.nls.json",
	"extension/package.nls.zh-cn.json",
	"extension/readme.md",
}

// vsixMachines tells, for each platform, what machine its server is for.
var vsixMachines = map[string]string{
	"linux-x64": elf.EM_X86_64.String(), "linux-arm64": elf.EM_AARCH64.String(),
	"darwin-x64": macho.CpuAmd64.String(), "darwin-arm64": macho.CpuArm64.String(),
	"win32-x64": "amd64", "win32-arm64": "arm64",
}

// secretShape matches what nobody wants to publish: keys, and tokens of forges.
var secretShape = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_[A-Za-z0-9]{30,}|\bglpat-[A-Za-z0-9_-]{20,}|\bAKIA[A-Z0-9]{16}\b|_authToken`)

// TestPackages opens the packages of the VS Code extension that make vsix has
// built, and looks at all that is in them.
func TestPackages(t *testing.T) {
	dir := os.Getenv("MODREACH_VSIX")
	if dir == "" {
		t.Skip("make vsix runs it: it wants the packages")
	}
	for _, target := range slices.Sorted(maps.Keys(vsixMachines)) {
		t.Run(target, func(t *testing.T) {
			name := filepath.Join(dir, "modreach-"+target+".vsix")
			info, err := os.Stat(name)
			if err != nil {
				t.Fatal(err)
			}
			if info.Size() > vsixMax {
				t.Errorf("%d bytes, more than %d", info.Size(), vsixMax)
			}
			files := unzip(t, name)
			server := "extension/dist/modreach"
			if strings.HasPrefix(target, "win32") {
				server += ".exe"
			}
			want := append([]string{server}, vsixFiles...)
			slices.Sort(want)
			if diff := cmp.Diff(want, slices.Sorted(maps.Keys(files))); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if got := machine(t, files[server]); got != vsixMachines[target] {
				t.Errorf("the server is for %s, not for %s", got, vsixMachines[target])
			}
			manifest := string(files["extension.vsixmanifest"])
			if !strings.Contains(manifest, `TargetPlatform="`+target+`"`) {
				t.Errorf("the package is for another platform: %s", manifest)
			}
			sayNoMore(t, files)
		})
	}
}

// TestPackagesRepeat packs once more and wants the same bytes.
func TestPackagesRepeat(t *testing.T) {
	dir := os.Getenv("MODREACH_VSIX")
	if dir == "" {
		t.Skip("make vsix runs it: it wants Node.js")
	}
	again := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "node", "extension/vsix.mjs", again, "linux-arm64").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const name = "modreach-linux-arm64.vsix"
	first, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(filepath.Join(again, name))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("the same commit gave other bytes")
	}
}

// sayNoMore looks for what tells of the machine or the people that built a
// package.
func sayNoMore(t *testing.T, files map[string][]byte) {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if bytes.Contains(text, []byte(here)) {
			t.Errorf("%s names the directory it was built in", name)
		}
		if found := secretShape.Find(text); found != nil && !strings.HasPrefix(name, "extension/dist/modreach") {
			t.Errorf("%s has a secret: %.12s...", name, found)
		}
	}
	var manifest map[string]any
	if err := json.Unmarshal(files["extension/package.json"], &manifest); err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"scripts", "devDependencies", "dependencies"} {
		if manifest[field] != nil {
			t.Errorf("the manifest has %s", field)
		}
	}
}

// unzip reads the files of an archive, whose modes have to be those of programs
// and of texts.
func unzip(t *testing.T, name string) map[string][]byte {
	t.Helper()
	archive, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	files := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		r.Close()
		executable := f.Mode()&0o111 != 0
		if program := strings.HasPrefix(f.Name, "extension/dist/modreach"); executable != program {
			t.Errorf("%s has the mode %v", f.Name, f.Mode())
		}
	}
	return files
}

// machine tells for which machine a program is.
func machine(t *testing.T, program []byte) string {
	t.Helper()
	r := bytes.NewReader(program)
	if f, err := elf.NewFile(r); err == nil {
		return f.Machine.String()
	}
	if f, err := macho.NewFile(r); err == nil {
		return f.Cpu.String()
	}
	f, err := pe.NewFile(r)
	if err != nil {
		t.Fatal("the server is no program")
	}
	if f.Machine == pe.IMAGE_FILE_MACHINE_ARM64 {
		return "arm64"
	}
	return "amd64"
}
