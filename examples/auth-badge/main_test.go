package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/cmd/daemon"
)

// start runs the program with the example's configuration on a free port, as in
// doc.go, and returns its address.
func start(t *testing.T) string {
	t.Helper()
	t.Chdir("../..")
	log, stderr := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- daemon.Run(ctx, daemon.Process{
			Args:        []string{"-c", "examples/auth-badge/badge.conf", "-p", "-1"},
			Environment: os.LookupEnv,
			Stdout:      io.Discard,
			Stderr:      stderr,
		}, drivers)
		stderr.Close()
	}()
	lines := bufio.NewScanner(log)
	var address string
	for lines.Scan() && !strings.HasSuffix(lines.Text(), "Server is ready") {
		t.Log(lines.Text())
		if _, after, found := strings.Cut(lines.Text(), "Listening for client connections on "); found {
			address = after
		}
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for lines.Scan() {
			continue // or the program would wait for somebody to read its log
		}
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("exit code %d", code)
		}
		<-drained
	})
	if address == "" {
		t.Fatal("the program does not listen")
	}
	return address
}

func TestBadges(t *testing.T) {
	address := start(t)
	connect := func(user, password string, options ...nats.Option) (*nats.Conn, error) {
		return nats.Connect("nats://"+address, append(options, nats.UserInfo(user, password), nats.NoReconnect(), nats.Timeout(10*time.Second))...)
	}
	violations := make(chan error, 1)
	carol, err := connect("carol", "1234-5678", nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { violations <- err }))
	if err != nil {
		t.Fatal(err)
	}
	defer carol.Close()
	doors, err := carol.SubscribeSync("door.>")
	if err != nil {
		t.Fatal(err)
	}
	if err := carol.Publish("door.front", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := doors.NextMsg(10 * time.Second); err != nil {
		t.Error("door.front:", err)
	}
	if err := carol.Publish("window", nil); err != nil {
		t.Fatal(err)
	}
	if err := <-violations; !errors.Is(err, nats.ErrPermissionViolation) {
		t.Error("window:", err)
	}

	derek, err := connect("derek", "T0pS3cr3t")
	if err != nil {
		t.Fatal("whom the badges do not list:", err)
	}
	derek.Close()
	for user, password := range map[string]string{"carol": "T0pS3cr3t", "derek": "1234-5678", "mallory": "1234-5678"} {
		if nc, err := connect(user, password); !errors.Is(err, nats.ErrAuthorization) {
			t.Errorf("%s: %v", user, err)
			if err == nil {
				nc.Close()
			}
		}
	}
}
