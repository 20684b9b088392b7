;;; emacs.el --- plays a user of eglot, without a screen  -*- lexical-binding: t -*-

;;; Commentary:
;; Opens go.mod, waits for the findings, chooses two fixes from the menu, saves,
;; and quits.  The findings to wait for stand in the environment, as
;; "LINE:CODE LINE:CODE".

;;; Code:

(require 'cl-lib)
(require 'eglot)
(require 'flymake)

(defconst e2e-patience 60 "Seconds; a busy machine needs some of them.")

(setq eglot-sync-connect t
      eglot-connect-timeout e2e-patience
      ;; Otherwise a question is asked before an edit.
      eglot-confirm-server-initiated-edits nil
      eglot-confirm-server-edits nil
      make-backup-files nil create-lockfiles nil auto-save-default nil)

(defun e2e-fail (text &rest args)
  "End with TEXT, formatted with ARGS."
  (message "FAIL: %s\n%s" (apply #'format text args) (buffer-string))
  (let ((server (eglot-current-server)))
    (when server
      (with-current-buffer (jsonrpc-events-buffer server)
        (message "what was said:\n%s" (buffer-string)))))
  (kill-emacs 1))

(defun e2e-shown ()
  "Return the findings of the buffer as the environment has them."
  ;; The library of Emacs 28 reads what came together with a reply only when
  ;; more comes, as it does when a user moves about.
  (let ((process (jsonrpc--process (eglot-current-server))))
    (funcall (process-filter process) process ""))
  ;; What the command loop does when its user is idle.
  (eglot--signal-textDocument/didChange)
  (flymake-start nil)
  (let (all)
    (dolist (d (flymake-diagnostics))
      (let ((lsp (cdr (assq 'eglot-lsp-diag (flymake-diagnostic-data d)))))
        (when (equal (plist-get lsp :source) "modreach")
          (push (cons (line-number-at-pos (flymake-diagnostic-beg d)) (plist-get lsp :code)) all))))
    (setq all (sort all (lambda (a b) (or (< (car a) (car b))
                                          (and (= (car a) (car b)) (string< (cdr a) (cdr b)))))))
    (mapconcat (lambda (d) (format "%d:%s" (car d) (cdr d))) all " ")))

(defun e2e-wait (what holds)
  "Wait until HOLDS gives something, which is WHAT."
  (let ((end (+ (float-time) e2e-patience)) found)
    (while (and (not (setq found (funcall holds))) (< (float-time) end))
      (accept-process-output nil 0.02))
    (unless found
      (e2e-fail "no %s within %d s; shown: %s" what e2e-patience (e2e-shown)))
    (message "ok: %s" what)
    found))

(defun e2e-await (name)
  "Wait for the findings in the variable NAME of the environment."
  (let ((want (or (getenv name) (e2e-fail "no %s" name))))
    (e2e-wait (format "%s %s" name want) (lambda () (equal (e2e-shown) want)))))

(defun e2e-choose (path words)
  "Open the menu of fixes at PATH and take the one whose title has WORDS."
  (goto-char (point-min))
  (search-forward path)
  (backward-char)
  (let* (titles
         ;; Or the menu is one for the mouse.
         (last-nonmenu-event ?x)
         (completing-read-function
          (lambda (_prompt items &rest _)
            (setq titles (mapcar (lambda (i) (if (consp i) (car i) i)) items))
            (or (cl-find words titles :test (lambda (w title) (string-search w title)))
                (e2e-fail "nothing in the menu has %S: %S" words titles)))))
    (call-interactively #'eglot-code-actions)
    (message "menu: %S" titles)))

(find-file "go.mod")
;; What eglot-ensure leaves to the command loop, which batch mode lacks.
(run-hooks 'post-command-hook)
(e2e-wait "server" #'eglot-current-server)
(flymake-mode 1)
(e2e-await "E2E_AT_FIRST")
(e2e-choose "corp.example/billing" "GOPRIVATE")
(e2e-await "E2E_PRIVATE")
(e2e-choose "example.com/tools" "Replace")
(e2e-await "E2E_REPLACED")
(save-buffer)
(e2e-await "E2E_REPLACED")
(eglot-shutdown (eglot-current-server))
(kill-emacs 0)

;;; emacs.el ends here
