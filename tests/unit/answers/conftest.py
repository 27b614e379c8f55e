import pytest

from discovery.answers.supplier import Names
from discovery.engine.analysis import Analysis
from discovery.engine.definition import define
from discovery.mappings import Mappings
from discovery.places import Gazetteer


@pytest.fixture(scope="session")
def analysis(mappings: Mappings) -> Analysis:
    return define(mappings).analysis


@pytest.fixture(scope="session")
def names(mappings: Mappings) -> Names:
    return Names(mappings.vocabulary, Gazetteer.load(), "/fournisseurs/")
