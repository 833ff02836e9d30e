# make run 与 make test 在一台新机器上即可使用；环境装在 .venv，演示数据在 var/demo。

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# Every command is a short process of its own: where bytecode is not kept, each compiles all it imports, one to seven seconds.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python
LOCK := $(BIN)/uv pip compile setup.cfg --quiet --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url
PYTEST := $(BIN)/pytest --numprocesses=2 --dist=loadfile

.PHONY: help setup run gallery demo airflow test test-slow test-cluster lint lock bench clean

help: ## 列出全部目标
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: .venv/run.stamp ## 建立运行环境，补齐中文字体
	@scripts/ensure_fonts.sh

run: setup ## 对演示论坛运行一次真正的每日简报
	@scripts/run_demo.sh

gallery: run ## 用演示论坛重画 docs/gallery 的日报、周报、专报和快报
	@scripts/draw_gallery.sh

demo: setup ## 只启动演示论坛，按 Ctrl-C 结束
	@mkdir -p var/demo
	@$(BIN)/minyi demo --config-out var/demo/minyi.toml

airflow: setup ## 在本机启动 Airflow、门户和演示论坛，按 Ctrl-C 全部停下
	@scripts/run_airflow.sh

test: lint ## 全部快速测试（先做静态检查）
	$(PYTEST) -m "not slow and not cluster"

test-slow: .venv/dev.stamp ## 几分钟以上的测试
	$(PYTEST) -m "slow and not cluster" || [ $$? -eq 5 ] # 5: there is no such test

test-cluster: .venv/dev.stamp ## 在本机起 PostgreSQL、Redis 和两个 Celery 节点，采四十个来源，中途杀掉一个节点
	$(BIN)/pytest -n0 -s -m cluster

lint: .venv/dev.stamp ## 静态检查：ruff、mypy、lint-imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: $(BIN)/uv ## 改了 setup.cfg 中的依赖之后，重写 requirements 中的版本和校验值
	$(LOCK) --extra airflow --output-file requirements/run.txt
	$(LOCK) --all-extras --output-file requirements/dev.txt

bench: .venv/run.stamp ## 测速度、内存和准确率，打印成表
	@for file in bench/*.py; do $(BIN)/python -m "bench.$$(basename "$$file" .py)"; done

clean: ## 删去环境、缓存和演示数据；var 中的其他数据不动
	rm -rf .venv var/demo var/airflow var/airflow-server build dist *.egg-info .*_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/uv: requirements/uv.txt
	@scripts/create_venv.sh
	@$(BIN)/python -m pip install --quiet --require-hashes -r $<
	@touch $@

# The project itself comes last and without dependencies: every other package is in the hashed list.
.venv/%.stamp: requirements/%.txt setup.cfg pyproject.toml $(BIN)/uv
	@echo "正在安装 $<"
	@$(INSTALL) --require-hashes -r $<
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
