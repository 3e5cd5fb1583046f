package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
)

// machine says where the numbers come from.
func machine(o options) string {
	return fmt.Sprintf("%s, %d cores, %s; databases on %s; rounds: %d, each measurement %v.\n",
		processor(), runtime.NumCPU(), runtime.Version(), filesystem(o.dir), o.rounds, o.duration)
}

func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range bytes.Lines(info) {
		if name, value, ok := strings.Cut(string(line), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

const tmpfs = 0x01021994 // statfs(2)

func filesystem(dir string) string {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err == nil && s.Type == tmpfs {
		return "a RAM disk"
	}
	return "disk"
}
