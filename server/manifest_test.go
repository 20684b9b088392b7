package server

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/modreach/modreach/diagnostics"
)

// property is a setting as the manifest of the VS Code extension declares it.
type property struct {
	Default              json.RawMessage `json:"default"`
	Enum                 []string        `json:"enum"`
	AdditionalProperties struct {
		Enum []string `json:"enum"`
	} `json:"additionalProperties"`
}

// TestManifest holds the settings that VS Code offers against those that there
// are: it checks what is typed by the manifest alone.
func TestManifest(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "package.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Contributes struct {
			Configuration struct {
				Properties map[string]property `json:"properties"`
			} `json:"configuration"`
		} `json:"contributes"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	declared := map[string]property{}
	for name, p := range manifest.Contributes.Configuration.Properties {
		declared[strings.TrimPrefix(name, section+".")] = p
	}
	// These are for the extension, which starts the server.
	delete(declared, "path")
	delete(declared, "useHttpProxy")

	var ours []string
	for field := range reflect.TypeFor[settings]().Fields() {
		ours = append(ours, field.Name)
	}
	slices.Sort(ours)
	if diff := cmp.Diff(ours, slices.Sorted(maps.Keys(declared))); diff != "" {
		t.Fatalf("the settings (-server +manifest):\n%s", diff)
	}
	read := func(name string, value any) settings {
		t.Helper()
		raw, err := json.Marshal(map[string]any{name: value})
		if err != nil {
			t.Fatal(err)
		}
		return defaultSettings().with(raw)
	}
	for name, p := range declared {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(defaultSettings(), read(name, p.Default), cmp.AllowUnexported(settings{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("the default of the manifest is another (-server +manifest):\n%s", diff)
			}
			for _, word := range p.Enum {
				if got := reflect.ValueOf(read(name, word)).FieldByName(name).String(); got != word {
					t.Errorf("%q is read as %q", word, got)
				}
			}
			for _, level := range p.AdditionalProperties.Enum {
				got := read(name, map[string]string{"retracted": level}).severity["retracted"]
				if _, known := diagnostics.ParseSeverity(level); got != level || !known && level != "off" {
					t.Errorf("nothing has the level %q", level)
				}
			}
		})
	}
}
