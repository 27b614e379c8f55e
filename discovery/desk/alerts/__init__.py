"""What the service hands over to the indexer's alerts program: requests and links, signed; a folder between both."""
