package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// JetStream says whether and where streams are kept.
type JetStream struct {
	Enabled bool
	// StoreDir is the directory for data, empty for one that is temporary.
	StoreDir string
	// MaxMemory and MaxFile in bytes; Unset means what the machine offers.
	MaxMemory int64
	MaxFile   int64
	Domain    string
	// Key encrypts what is stored; PreviousKey is the one to rotate away from.
	Key         string
	PreviousKey string
	Cipher      Cipher
	Sync        Sync
	// ExtensionHint is will_extend, no_extend or empty.
	ExtensionHint string
	UniqueTag     string
	// Strict refuses unknown fields in requests.
	Strict            bool
	MaxCatchup        int64
	MaxBufferedSize   int64
	MaxBufferedMsgs   int64
	RequestQueueLimit int64
	InfoQueueLimit    int64
	MetaCompact       int64
	MetaCompactSize   int64
	MetaCompactSync   bool
	MaxConcurrentIO   int64
	Limits            *JetStreamLimits
	TPM               *TPM
}

// Unset is a size that was not configured, where 0 means "none".
const Unset = -1

// Sync says when stored data is forced to disk.
type Sync struct {
	// Always forces every message.
	Always   bool
	Interval time.Duration
}

// String returns "always" or the interval.
func (s Sync) String() string {
	if s.Always {
		return "always"
	}
	return s.Interval.String()
}

// Cipher encrypts what is stored; empty means ChaCha20-Poly1305 when there is a
// key.
type Cipher string

// The ciphers.
const (
	CipherChaCha Cipher = "chacha"
	CipherAES    Cipher = "aes"
)

var jetStreamSchema = option.NewSchema([]option.Binding[JetStream]{
	option.Into(option.Switch("enabled").Alias("enable").Default(true).
		Otherwise("Expected 'true' or 'false' for bool value, got '{value}'").
		Reloaded("Reloaded: JetStream").
		Doc("Whether JetStream is on."),
		func(j *JetStream) *bool { return &j.Enabled }),
	option.Into(option.Text("store_dir").Alias("storedir", "store").
		Refused("jetstream storage directory").
		Doc("Directory for data; the data goes to its subdirectory jetstream."),
		func(j *JetStream) *string { return &j.StoreDir }),
	option.Into(option.Size("max_memory_store").Alias("max_mem_store", "max_mem").Default(Unset).
		ReloadedAs(func(v int64) string { return "Reloaded: JetStream max_mem_store = " + size(v) }).
		Doc("Memory for streams; three quarters of the machine's when not set, 0 is none."),
		func(j *JetStream) *int64 { return &j.MaxMemory }),
	option.Into(option.Size("max_file_store").Alias("max_file").Default(Unset).
		ReloadedAs(func(v int64) string { return "Reloaded: JetStream max_file_store = " + size(v) }).
		Doc("Disk space for streams; what is free when not set, 0 is none."),
		func(j *JetStream) *int64 { return &j.MaxFile }),
	option.Into(option.Text("domain").
		Refused("JetStreamDomain").
		Doc("JetStream domain of the server."),
		func(j *JetStream) *string { return &j.Domain }),
	option.Into(option.Text("key").Alias("ek", "encryption_key").Secret().
		Refused("JetStreamKey").
		Doc("Key that encrypts what is stored."),
		func(j *JetStream) *string { return &j.Key }),
	option.Into(option.Text("prev_key").Alias("prev_ek", "prev_encryption_key").Secret().
		Refused("JetStreamOldKey").
		Doc("Key that data was encrypted with before."),
		func(j *JetStream) *string { return &j.PreviousKey }),
	option.Into(option.Custom("cipher", option.TypeText, readCipher).
		Refused("JetStreamCipher").
		Doc("Cipher of the encryption: chacha or aes."),
		func(j *JetStream) *Cipher { return &j.Cipher }),
	option.Into(option.Custom("sync_interval", "duration or always", readSync).Alias("sync").Default(Sync{Interval: 2 * time.Minute}).
		Refused("SyncInterval").
		Doc("How often stored data is forced to disk."),
		func(j *JetStream) *Sync { return &j.Sync }),
	option.Into(option.Text("extension_hint").
		Refused("JetStreamExtHint").
		Doc("will_extend or no_extend: whether the JetStream domain reaches over leaf nodes."),
		func(j *JetStream) *string { return &j.ExtensionHint }),
	option.Into(option.Text("unique_tag").
		Refused("JetStreamUniqueTag").
		Normal(func(tag string) string { return strings.ToLower(strings.TrimSpace(tag)) }).
		Doc("Prefix of tags that differ between the replicas of a stream."),
		func(j *JetStream) *string { return &j.UniqueTag }),
	option.Into(option.Switch("strict").Default(true).
		Refused("NoJetStreamStrict").
		Otherwise("Expected 'true' or 'false' for bool value, got '{value}'").
		Doc("Refuse unknown fields in requests."),
		func(j *JetStream) *bool { return &j.Strict }),
	option.Into(option.Size("max_outstanding_catchup").Fallback(64<<20).
		Refused("JetStreamMaxCatchup").
		Doc("Data on its way to replicas that catch up."),
		func(j *JetStream) *int64 { return &j.MaxCatchup }),
	option.Into(option.Size("max_buffered_size").Fallback(128<<20).
		Refused("StreamMaxBufferedSize").
		Doc("Bytes that may wait to be stored, per stream."),
		func(j *JetStream) *int64 { return &j.MaxBufferedSize }),
	option.Into(jetStreamCount("max_buffered_msgs").Fallback(100000).
		Refused("StreamMaxBufferedMsgs").
		Doc("Messages that may wait to be stored, per stream."),
		func(j *JetStream) *int64 { return &j.MaxBufferedMsgs }),
	option.Into(jetStreamCount("request_queue_limit").Fallback(10000).
		Refused("JetStreamRequestQueueLimit").
		Doc("Requests that may wait."),
		func(j *JetStream) *int64 { return &j.RequestQueueLimit }),
	option.Into(jetStreamCount("info_queue_limit").
		Refused("JetStreamInfoQueueLimit").
		Doc("Requests for information that may wait; as request_queue_limit when not set."),
		func(j *JetStream) *int64 { return &j.InfoQueueLimit }),
	option.Into(jetStreamCount("meta_compact").
		Doc("Entries of the meta log after which a snapshot is made."),
		func(j *JetStream) *int64 { return &j.MetaCompact }),
	option.Into(option.Size("meta_compact_size").
		Doc("Bytes of the meta log after which a snapshot is made."),
		func(j *JetStream) *int64 { return &j.MetaCompactSize }),
	option.Into(option.Switch("meta_compact_sync").
		Doc("Wait for snapshots of the meta log."),
		func(j *JetStream) *bool { return &j.MetaCompactSync }),
	option.Into(jetStreamCount("max_concurrent_io").Fallback(4096).
		Refused("JetStreamConcurrentIOs").
		Check(func(n *option.Node, v int64) {
			if v < 4 || v > 8192 {
				n.Errorf("Expected an absolute size for \"max_concurrent_io\" between 4 and 8192, got %d", v)
			}
		}).
		Doc("Reads and writes of files at a time, 4 to 8192."),
		func(j *JetStream) *int64 { return &j.MaxConcurrentIO }),
	option.Into(option.Struct("limits", jetStreamLimitsSchema).
		Reloaded("Reloaded: JetStream limits").
		Otherwise("Expected a map to define JetStreamLimits, got {type}").
		Doc("Limits of all accounts together."),
		func(j *JetStream) **JetStreamLimits { return &j.Limits }),
	option.Into(option.Struct("tpm", tpmSchema).
		Refused("JetStreamTpm").
		Otherwise("Expected a map to define JetStreamLimits, got {type}").
		Doc("Keep the key in a trusted platform module."),
		func(j *JetStream) **TPM { return &j.TPM }),
})

func jetStreamCount(name string) *option.Of[int64] {
	return option.Number(name).
		Otherwise(`Expected a parseable size for "{key}", got {value}`).
		Check(func(n *option.Node, v int64) {
			if v < 0 {
				n.Errorf("Expected an absolute size for %q, got %d", n.Key, v)
			}
		})
}

var jetStreamRows = []option.Binding[Options]{
	option.Into(option.StructOr("jetstream", "boolean, enabled, disabled, or block", jetStreamSchema, func(n *option.Node) *JetStream {
		j := jetStreamSchema.New()
		j.Enabled = readEnabled(n)
		return j
	}).
		Feature(FeatureJetStream).
		Doc("Streams: on, off, or a block. An empty block switches them on."),
		func(o *Options) **JetStream { return &o.JetStream }),
	option.Into(option.Text("store_dir").Alias("storedir").
		Refused("jetstream storage directory").
		Doc("Directory for data; the same as store_dir in the jetstream block."),
		func(o *Options) *string { return &o.StoreDir }),
	option.Into(option.TextMap("default_js_domain").
		Refused("JsAccDefaultDomain").Feature(FeatureJetStream).
		Otherwise("error default_js_domain config: unsupported type {type}").
		Doc("JetStream domain by account, for clients that name none."),
		func(o *Options) *map[string]string { return &o.DefaultJSDomain }),
}

// checkStoreDir refuses two places for one setting.
func checkStoreDir(o *Options, n *option.Node) {
	if o.JetStream != nil && o.JetStream.StoreDir != "" && o.StoreDir != "" {
		n.Report().Errorf(o.Pos("store_dir"), "Duplicate 'store_dir' configuration")
	}
}

func readCipher(n *option.Node) Cipher {
	switch strings.ToLower(n.String()) {
	case "chacha", "chachapoly":
		return CipherChaCha
	case "aes":
		return CipherAES
	}
	n.Errorf("Unknown cipher type: %q", n)
	return ""
}

func readSync(n *option.Node) Sync {
	if n.Kind() == option.String && strings.EqualFold(n.Value.Text, "always") {
		return Sync{Always: true, Interval: 2 * time.Minute}
	}
	d, err := n.Seconds()
	switch {
	case n.Kind() == option.Int:
		n.Misuse("%s should be converted to a duration", n.Key)
	case n.Kind() != option.String:
		n.Errorf("error parsing %s: %v", n.Key, option.ErrNotSeconds)
	case err != nil:
		n.Errorf("error parsing %s: %v", n.Key, err)
	}
	return Sync{Interval: d}
}

// JetStreamLimits bound all accounts together. Zero is no limit, or the default.
type JetStreamLimits struct {
	MaxAckPending       int64
	MaxHAAssets         int64
	MaxRequestBatch     int64
	DuplicateWindow     time.Duration
	DefaultMaxConsumers int64
	Batch               *BatchLimits
}

// BatchLimits bound batches of messages that are published together.
type BatchLimits struct {
	MaxInflightPerStream int64
	MaxInflightTotal     int64
	MaxMsgs              int64
	Timeout              time.Duration
}

var jetStreamLimitsSchema = option.NewSchema([]option.Binding[JetStreamLimits]{
	option.Into(option.Number("max_ack_pending").
		Doc("Unacknowledged messages per consumer."),
		func(l *JetStreamLimits) *int64 { return &l.MaxAckPending }),
	option.Into(option.Number("max_ha_assets").
		Doc("Replicated streams and consumers that a server takes."),
		func(l *JetStreamLimits) *int64 { return &l.MaxHAAssets }),
	option.Into(option.Number("max_request_batch").
		Doc("Messages in one pull request."),
		func(l *JetStreamLimits) *int64 { return &l.MaxRequestBatch }),
	option.Into(option.Duration("duplicate_window").
		Doc("Longest window in which duplicates are recognised."),
		func(l *JetStreamLimits) *time.Duration { return &l.DuplicateWindow }),
	option.Into(option.Number("default_max_consumers").Fallback(1000).
		Doc("Consumers per stream that states none; -1 is no limit."),
		func(l *JetStreamLimits) *int64 { return &l.DefaultMaxConsumers }),
	option.Into(option.Struct("batch", batchLimitsSchema).
		Otherwise("Expected a map to define batch limits, got {type}").
		Doc("Limits of batches that are published together."),
		func(l *JetStreamLimits) **BatchLimits { return &l.Batch }),
})

var batchLimitsSchema = option.NewSchema([]option.Binding[BatchLimits]{
	option.Into(option.Number("max_inflight_per_stream").
		Doc("Batches under way per stream; 50 atomic or 1000 fast ones when not set."),
		func(l *BatchLimits) *int64 { return &l.MaxInflightPerStream }),
	option.Into(option.Number("max_inflight_total").
		Doc("Batches under way; 1000 atomic or 50000 fast ones when not set."),
		func(l *BatchLimits) *int64 { return &l.MaxInflightTotal }),
	option.Into(option.Number("max_msgs").Fallback(1000).
		Doc("Messages in a batch."),
		func(l *BatchLimits) *int64 { return &l.MaxMsgs }),
	option.Into(option.Duration("timeout").Fallback(10*time.Second).
		Doc("Time after which an unfinished batch is dropped."),
		func(l *BatchLimits) *time.Duration { return &l.Timeout }),
})

// TPM says how the key is kept in a trusted platform module.
type TPM struct {
	KeysFile           string
	EncryptionPassword string
	SRKPassword        string
	PCR                int64
	Cipher             Cipher
}

var tpmSchema = option.NewSchema([]option.Binding[TPM]{
	option.Into(option.Text("keys_file").
		Doc("File that holds the sealed keys."),
		func(t *TPM) *string { return &t.KeysFile }),
	option.Into(option.Text("encryption_password").Secret().
		Doc("Password of the sealed keys."),
		func(t *TPM) *string { return &t.EncryptionPassword }),
	option.Into(option.Text("srk_password").Secret().
		Doc("Password of the storage root key."),
		func(t *TPM) *string { return &t.SRKPassword }),
	option.Into(option.Number("pcr").
		Doc("Platform configuration register that the keys are bound to."),
		func(t *TPM) *int64 { return &t.PCR }),
	option.Into(option.Custom("cipher", option.TypeText, readCipher).
		Doc("Cipher of the encryption: chacha or aes."),
		func(t *TPM) *Cipher { return &t.Cipher }),
})

// size renders bytes for messages: 1.50 MB.
func size(bytes int64) string {
	const unit = 1024
	if bytes < unit {
		return fmt.Sprintf("%d B", bytes)
	}
	div, exp := int64(unit), 0
	for n := bytes / unit; n >= unit && exp < 4; n /= unit {
		div *= unit
		exp++
	}
	return fmt.Sprintf("%.2f %cB", float64(bytes)/float64(div), "KMGTP"[exp])
}
