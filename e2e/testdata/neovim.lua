-- Plays a user of Neovim 0.7 or later, without a screen: opens go.mod, waits for
-- the findings, chooses two fixes from the menu, saves, and quits. The findings to
-- wait for stand in the environment, as "LINE:CODE LINE:CODE".

local patience = 60 * 1000 -- milliseconds; a busy machine needs some of them
local function say(text) io.stdout:write(text .. '\n') end

-- shown gives the findings of the buffer as the environment has them.
local function shown()
  local all = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    if d.source == 'modreach' then
      local code = d.code or d.user_data.lsp.code -- 0.7 keeps it there
      table.insert(all, { d.lnum + 1, code })
    end
  end
  table.sort(all, function(a, b) return a[1] < b[1] or a[1] == b[1] and a[2] < b[2] end)
  return table.concat(vim.tbl_map(function(d) return d[1] .. ':' .. d[2] end, all), ' ')
end

local function wait(what, holds)
  if not vim.wait(patience, holds, 20) then
    error('no ' .. what .. ' within ' .. patience .. ' ms; shown: ' .. shown() .. '\n' ..
      table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'))
  end
  say('ok: ' .. what)
end

local function await(name)
  local want = vim.env[name]
  assert(want, 'no ' .. name)
  wait(name .. ' ' .. want, function() return shown() == want end)
end

local clients = vim.lsp.get_clients or vim.lsp.get_active_clients
local function client(name)
  for _, c in pairs(clients()) do
    if c.name == name then return c end
  end
end

-- choose opens the menu of fixes on a line, as a user does, and takes the one whose
-- title has the words.
local function choose(line, words)
  vim.api.nvim_win_set_cursor(0, { line, 8 })
  local titles, chosen
  vim.ui.select = function(items, _, take)
    titles = {}
    for i, item in ipairs(items) do
      local action = item.action or item[2] -- 0.7 has a pair
      table.insert(titles, action.title)
      if not chosen and action.title:find(words, 1, true) then
        chosen = i
      end
    end
    take(chosen and items[chosen], chosen)
  end
  vim.lsp.buf.code_action()
  wait('menu on line ' .. line, function() return titles end)
  say('menu: ' .. table.concat(titles, ' | '))
  assert(chosen, 'nothing in the menu has "' .. words .. '"')
end

local function play()
  vim.cmd('edit go.mod')
  assert(vim.bo.filetype == 'gomod', 'the file type is ' .. vim.bo.filetype)
  await('E2E_AT_FIRST')
  if vim.env.E2E_BESIDE == 'gopls' then
    wait('answer of gopls on the same buffer', function()
      local gopls = client('gopls')
      if not gopls or not vim.lsp.buf_is_attached(0, gopls.id) or not vim.lsp.buf_is_attached(0, client('modreach').id) then
        return false
      end
      local replies = vim.lsp.buf_request_sync(0, 'textDocument/codeLens', { textDocument = vim.lsp.util.make_text_document_params() }, 1000)
      local reply = replies and replies[gopls.id]
      return reply and reply.result and #reply.result > 0
    end)
  end
  choose(6, 'GOPRIVATE')
  await('E2E_PRIVATE')
  choose(9, 'Replace')
  await('E2E_REPLACED')
  vim.cmd('silent write')
  await('E2E_REPLACED')
end

local ok, err = xpcall(play, debug.traceback)
if not ok then
  say('FAIL: ' .. tostring(err))
  vim.cmd('cquit 1')
end
vim.cmd('qall!')
