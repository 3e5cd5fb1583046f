package replay

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime"
)

// peakMemory returns the most memory of the process that was resident, in bytes; where the system does not tell, what Go
// obtained from it.
func peakMemory() int64 {
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
			var kib int64
			if n, _ := fmt.Sscanf(lines.Text(), "VmHWM: %d kB", &kib); n == 1 {
				return kib << 10
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
