package daemon

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"strconv"
	"time"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/broker"
	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/plugins/host"
	"github.com/trellismq/trellis/sdk/auth"
)

// closeTimeout bounds how long drivers may take to close at the end.
const closeTimeout = 10 * time.Second

// server is a broker with everything that the configuration puts around it.
type server struct {
	build    build
	options  *config.Options // in force
	log      *logger
	accounts *account.Set
	auth     *host.Authentication
	broker   *broker.Broker // nil before start
	// owners apply options while the server runs, in this order: accounts are there
	// before users are bound to them, who may be in is known before connections are
	// counted, and the broker asks the log about tracing.
	owners []config.Owner
}

func newServer(o *config.Options, log *logger, registry *host.Registry) *server {
	s := &server{build: currentBuild(), options: o, log: log, accounts: account.NewSet()}
	s.auth = host.NewAuthentication(registry, host.Environment{
		Log:     log,
		Recheck: func(selects func(*auth.Identity) bool) { s.broker.Recheck(selects) },
	})
	s.owners = []config.Owner{accountsOwner{s}, s.auth, log, brokerOwner{s}}
	return s
}

// start brings the server up and logs the steps (process, start sequence). file
// is what the options were read from. After an error the caller stops what has
// been started.
func (s *server) start(ctx context.Context, file string) error {
	s.log.Noticef("Starting %s", name)
	s.log.Noticef("  Version:  %s", s.build.version)
	s.log.Noticef("  Git:      [%s]", s.build.commitText())
	s.log.Debugf("  Go build: %s", runtime.Version())
	if err := s.makeBroker(); err != nil {
		return err
	}
	s.log.Noticef("  Name:     %s", s.broker.Name())
	s.log.Noticef("  ID:       %s", s.broker.ID())
	if err := s.openDrivers(ctx); err != nil {
		return err
	}
	if file != "" {
		s.log.Noticef("Using configuration file: %s (%s)", file, s.options.Digest)
	}
	if s.options.Limits.MaxPayload > largePayload {
		s.log.Warnf("Maximum payloads over 8.00 MB are generally discouraged and could lead to poor performance")
	}
	if system := s.accounts.System(); system != nil && s.options.Account(system.Name()) == nil {
		s.log.Debugf("Created system account: %q", system.Name())
	}
	if err := s.broker.Start(); err != nil {
		return err
	}
	s.log.Noticef("Listening for client connections on %s", s.address())
	s.log.Noticef("Server is ready")
	return nil
}

// largePayload is the size of messages above which an operator is warned.
const largePayload = 8 << 20

func (s *server) makeBroker() error {
	change, err := s.accounts.Prepare(definitions(s.options))
	if err != nil {
		return err
	}
	change.Commit()
	s.broker, err = broker.New(s.brokerOptions(s.options))
	return err
}

// brokerOptions completes what the configuration says about the broker.
func (s *server) brokerOptions(o *config.Options) broker.Options {
	b := brokerOptions(o)
	b.Accounts, b.Authenticator, b.Logger, b.GitCommit = s.accounts, s.auth, s.log, s.build.commit
	return b
}

// openDrivers opens the chain of authenticators.
func (s *server) openDrivers(ctx context.Context) error {
	change, err := s.auth.Prepare(ctx, nil, s.options)
	if err != nil {
		return fmt.Errorf("cannot open the authenticators: %w", err)
	}
	change.Commit()
	return nil
}

// address is where clients are awaited: the host as configured, the port in use.
func (s *server) address() string {
	port := int(s.options.Client.Port)
	if tcp, ok := s.broker.Addr().(*net.TCPAddr); ok {
		port = tcp.Port
	}
	return net.JoinHostPort(s.options.Client.Host, strconv.Itoa(port))
}

// stop ends what was started, connections first. The log stays open.
func (s *server) stop() {
	if s.broker != nil {
		s.broker.Shutdown()
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if err := s.auth.Close(ctx); err != nil {
		s.log.Errorf("Error closing the authenticators: %v", err)
	}
}
