"""The interface as addresses of the desk, and its OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from syndicate.desk.api import deciding, reading, writing
from syndicate.desk.api.access import guarded, no_such_page
from syndicate.desk.api.problems import Problem, tell_problems
from syndicate.desk.api.routing import READ, router

_PROBLEMS = {
    "400": "不是 JSON · not JSON",
    "401": "没有有效令牌 · no living token",
    "403": "角色或令牌权限不够 · role or scope forbids it",
    "404": "没有 · there is none",
    "409": "状态已变 · it changed in the meantime, or its state forbids it",
    "413": "内容过大 · too large",
    "422": "内容不符合要求 · not as required",
    "429": "请求太频繁 · too often",
    "503": "磁盘或数据库无法写入 · disk or database cannot take it",
}
PREFIX = "/api/v1/"


class OfficeApi(NinjaAPI):
    """The interface; every operation tells its errors as problem JSON."""

    def get_openapi_schema(self, **_asked: Any) -> OpenAPISchema:
        """The OpenAPI document with the problems of every operation."""
        schema = super().get_openapi_schema(path_prefix=PREFIX)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        definitions = schema["components"]["schemas"]["Problem"].pop("$defs", {})
        schema["components"]["schemas"].update(definitions)
        schema["components"]["securitySchemes"] = {"Bearer": {"type": "http", "scheme": "bearer"}}
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["security"] = [{"Bearer": []}]
                for status, description in _PROBLEMS.items():
                    operation["responses"].setdefault(status, {"description": description, "content": problem})
        return schema


api = OfficeApi(
    title="syndicate 编辑工作台接口 · the desk's interface",
    version="1",
    description=(
        "与工作台页面相同的功能和权限。请求头 `Authorization: Bearer 个人令牌`；令牌在“我的令牌”页面生成，可限定权限和期限。"
        "\n\nThe same functions and rights as the pages. Send `Authorization: Bearer TOKEN`; make tokens on the page "
        "My tokens, each with scopes and an end."
    ),
    docs_url=None,
    auth=READ,  # an operation that forgets to say so is at least not open to strangers
    urls_namespace="api",
)
for operations in (reading, writing, deciding):
    assert operations.router is router, "importing a module puts its operations into the one table"
api.add_router("", router)
tell_problems(api)


def _guard(patterns: list[Any]) -> list[URLPattern]:
    kept = [one for one in patterns if one.name != "api-root"]
    for one in kept:
        one.callback = guarded(one.callback)
    return kept


urlpatterns = [*_guard(api.urls[0]), path("<path:rest>", no_such_page)]
