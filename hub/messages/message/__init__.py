"""The message a resident receives: one signed XML document, and the pages and PDFs made of it.

`contents.from_notice` and `contents.from_text` give a Content, `making.make(content, key)` the
bytes, `checking.check(data, trusted)` a Checked, `page.as_html(checked)` and `pdf.as_pdf(checked)`
what people read. `key` and `trusted` come from the hub's key ring.
"""
