'use client'
import type { KindView } from '../../components/kind-view.ts'
import { Editor } from './editor/editor.tsx'
import type { CsvParams } from './params.ts'
import { Report } from './report/report.tsx'

export const view: KindView<CsvParams> = { Editor, Result: Report }
