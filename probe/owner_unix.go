//go:build unix

package probe

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// otherOwner names the user whom a file belongs to, if that is another than the
// one this program runs as; empty otherwise, and where it cannot be told. root
// may write everywhere, so for root no file is another's.
func otherOwner(name string) string {
	info, err := os.Stat(name)
	if err != nil || os.Geteuid() == 0 {
		return ""
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(stat.Uid) == os.Geteuid() {
		return ""
	}
	id := strconv.Itoa(int(stat.Uid))
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return "the user with number " + id
}
