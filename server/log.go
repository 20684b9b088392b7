package server

import (
	"crypto/rand"
	"io"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// NewRun gives a name to one run of the server, by which its lines in a log and
// what it published are found. It is unique, for all that is ever compared.
func NewRun() string { return rand.Text()[:8] }

// NewLog gives a log that writes one line of JSON for each event to out, with
// the name of the run; with debug also one for each message. Whoever reads it
// may be anybody: nothing that is logged holds a secret or a document's text.
func NewLog(out io.Writer, run string, debug bool) *zap.Logger {
	level := zapcore.InfoLevel
	if debug {
		level = zapcore.DebugLevel
	}
	form := zapcore.EncoderConfig{
		TimeKey: "time", LevelKey: "level", MessageKey: "message",
		EncodeTime:     zapcore.TimeEncoderOfLayout(time.RFC3339Nano),
		EncodeLevel:    zapcore.LowercaseLevelEncoder,
		EncodeDuration: zapcore.MillisDurationEncoder,
	}
	core := zapcore.NewCore(zapcore.NewJSONEncoder(form), zapcore.Lock(zapcore.AddSync(out)), level)
	return zap.New(core).With(zap.String("run", run))
}
