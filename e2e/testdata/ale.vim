" Shows the findings of ALE in the status line, as [LINE:CODE LINE:CODE].

function! E2EShown() abort
  let l:items = get(get(g:ale_buffer_info, bufnr(''), {}), 'loclist', [])
  let l:ours = filter(copy(l:items), {_, d -> d.linter_name ==# 'modreach'})
  call sort(l:ours, {a, b -> a.lnum == b.lnum ? a.code > b.code : a.lnum - b.lnum})
  return '[' . join(map(l:ours, {_, d -> d.lnum . ':' . d.code}), ' ') . ']'
endfunction

set laststatus=2 statusline=%{E2EShown()}
autocmd User ALELintPost redrawstatus
" Nothing else has to wait for a key.
set nomore
