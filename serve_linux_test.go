package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// memoryMax bounds what the server takes whatever a client does, in kB.
const memoryMax = 60_000

// TestServeMemory abuses the program as its users have it: the race detector
// takes many times the memory.
func TestServeMemory(t *testing.T) {
	program := filepath.Join(t.TempDir(), "modreach")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	none := func(id int) string {
		return framed(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"none"}`, id))
	}
	repeat := func(n int, message func(int) string) func(io.Writer) {
		return func(in io.Writer) {
			for i := range n {
				io.WriteString(in, message(i))
			}
		}
	}
	edit := framed(`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///go.mod"},"contentChanges":[{"text":"` +
		strings.Repeat(`\texample.com/module v1.2.3\n`, 1000) + `"}]}}`)
	tests := []struct {
		name string
		// unread is written before anything is read, and has to be taken.
		unread, more func(in io.Writer)
	}{
		{"answers are not read", repeat(6_000, none), repeat(100_000, none)},
		{"garbage", repeat(6_000, func(int) string { return framed("garbage") }), nil},
		{"6 MB of brackets", repeat(3, func(int) string { return framed(strings.Repeat("[", 6_000_000)) }), nil},
		{"6 MB of brackets as parameters", repeat(3, func(int) string {
			return framed(`{"id":7,"method":"x","params":` + strings.Repeat("[", 6_000_000))
		}), nil},
		{"10,000 changes", repeat(1, func(int) string {
			return framed(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///go.mod","text":""}}}`)
		}), repeat(10_000, func(int) string { return edit })},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), program, "serve")
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			io.WriteString(in, framed(`{"jsonrpc":"2.0","id":"first","method":"initialize","params":{}}`))
			test.unread(in)
			go func() {
				if test.more != nil {
					test.more(in)
				}
				io.WriteString(in, framed(`{"jsonrpc":"2.0","id":"last","method":"shutdown"}`))
			}()
			read := bufio.NewReader(out)
			for line := ""; !strings.Contains(line, `"last"`); {
				// The end of one message and the header of the next.
				if line, err = read.ReadString('}'); err != nil {
					t.Fatalf("before the last answer: %v", err)
				}
			}
			if got := peak(t, cmd.Process.Pid); got > memoryMax {
				t.Errorf("%d kB", got)
			} else {
				t.Logf("%d kB", got)
			}
			io.WriteString(in, framed(`{"jsonrpc":"2.0","method":"exit"}`))
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
}

func framed(body string) string {
	return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}

var highWater = regexp.MustCompile(`VmHWM:\s+([0-9]+) kB`)

// peak gives the most memory that a process has ever had, in kB.
func peak(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		t.Fatal(err)
	}
	found := highWater.FindSubmatch(status)
	if found == nil {
		t.Fatalf("no peak in\n%s", status)
	}
	kB, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kB
}
